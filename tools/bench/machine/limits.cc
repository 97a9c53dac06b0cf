// Limits of the machine with a number of threads: float32 multiply-adds in registers, and memory traffic of a copy and a
// triad (a = b + s·c) over arrays far larger than the caches. Prints JSON: GFLOP/s and GB/s of all threads together,
// counting each byte that the program reads or writes once. The best of several rounds is taken, as it is a limit.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif
typedef float Vector __attribute__((vector_size(kLanes * sizeof(float))));

constexpr int kRounds = 8;
constexpr size_t kFloats = size_t{64} << 20;  // of each array, over all threads: 256 MiB

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Seconds from when all threads may start to when the last has ended; the best round.
double Best(int threads, const std::function<void(int)>& work) {
  double best = 1e30;
  for (int round = 0; round < kRounds; ++round) {
    std::atomic<int> waiting{0};
    std::atomic<bool> go{false};
    std::vector<std::thread> pool;
    for (int t = 0; t < threads; ++t) {
      pool.emplace_back([&, t] {
        ++waiting;
        while (!go) std::this_thread::yield();
        work(t);
      });
    }
    while (waiting < threads) std::this_thread::yield();
    const double started = Now();
    go = true;
    for (auto& thread : pool) thread.join();
    const double seconds = Now() - started;
    if (seconds < best) best = seconds;
  }
  return best;
}

constexpr int kChains = 16;  // enough to hide the latency of a multiply-add
constexpr long kSteps = 20'000'000;

float MultiplyAdd(float factor) {
  Vector sums[kChains];
  for (int i = 0; i < kChains; ++i) sums[i] = Vector{} + static_cast<float>(i);
  const Vector f = Vector{} + factor;
  for (long step = 0; step < kSteps; ++step) {
#pragma GCC unroll 16
    for (int i = 0; i < kChains; ++i) sums[i] = sums[i] * f + f;
  }
  float total = 0;
  for (const Vector& sum : sums) total += sum[0];
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  if (threads < 1) return 2;
  std::vector<float> results(threads);
  const double arithmetic = Best(threads, [&](int t) { results[t] = MultiplyAdd(0.5f + 0.001f * t); });

  const size_t part = kFloats / threads;
  std::vector<float*> a(threads), b(threads), c(threads);
  for (int t = 0; t < threads; ++t) {
    for (float** array : {&a[t], &b[t], &c[t]}) *array = static_cast<float*>(std::aligned_alloc(64, (part / 16 + 1) * 64));
  }
  // Written by the thread that will use them, so that they lie in its memory.
  Best(threads, [&](int t) {
    for (size_t i = 0; i < part; ++i) a[t][i] = b[t][i] = c[t][i] = 1.0f;
  });
  const double copy = Best(threads, [&](int t) { std::memcpy(a[t], b[t], part * sizeof(float)); });
  const double triad = Best(threads, [&](int t) {
    float* __restrict to = a[t];
    const float* __restrict x = b[t];
    const float* __restrict y = c[t];
    for (size_t i = 0; i < part; ++i) to[i] = x[i] + 3.0f * y[i];
  });

  float check = 0;
  for (int t = 0; t < threads; ++t) check += results[t] + a[t][part / 2];
  const double bytes = static_cast<double>(part) * threads * sizeof(float);
  const double flops = 2.0 * kLanes * kChains * kSteps * threads;
  std::fprintf(stderr, "%g\n", check);  // Used, or the compiler would leave the work out.
  std::printf("{\"arithmetic\": %.3f, \"copy\": %.3f, \"triad\": %.3f}\n", flops / arithmetic / 1e9,
              2 * bytes / copy / 1e9, 3 * bytes / triad / 1e9);
  return 0;
}
