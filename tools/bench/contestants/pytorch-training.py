"""PyTorch, eager or by torch.compile: the same network, with TensorFlow's padding made explicit."""

import torch
from torch import nn
from torch.nn import functional as F

import measure

STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


class Convolution(nn.Module):
    """Convolution without bias, Batch Normalization, and ReLU6 where wanted."""

    def __init__(self, channels, filters, size, stride=1, groups=1, relu=True):
        super().__init__()
        # With stride 2 on even maps, TensorFlow's `same` and the article's padding are both (0, 1).
        self.uneven = stride == 2
        padding = 0 if self.uneven else size // 2
        self.conv = nn.Conv2d(channels, filters, size, stride, padding, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)
        self.relu = relu

    def forward(self, x):
        if self.uneven:
            x = F.pad(x, (0, 1, 0, 1))
        x = self.norm(self.conv(x))
        return F.relu6(x) if self.relu else x


class InvertedResidual(nn.Module):
    def __init__(self, channels, expansion, filters, stride):
        super().__init__()
        width = channels * expansion
        self.adds = stride == 1 and channels == filters
        expand = [Convolution(channels, width, 1)] if expansion > 1 else []
        depthwise = Convolution(width, width, 3, stride, groups=width)
        self.layers = nn.Sequential(*expand, depthwise, Convolution(width, filters, 1, relu=False))

    def forward(self, x):
        return x + self.layers(x) if self.adds else self.layers(x)


class MobileNetV2(nn.Module):
    def __init__(self, classes):
        super().__init__()
        blocks, channels = [], 32
        for expansion, filters, repeats, first_stride in STAGES:
            for repeat in range(repeats):
                blocks.append(InvertedResidual(channels, expansion, filters, first_stride if repeat == 0 else 1))
                channels = filters
        self.features = nn.Sequential(Convolution(3, 32, 3, 2), *blocks, Convolution(320, 1280, 1))
        self.head = nn.Linear(1280, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                # Keras counts a depthwise kernel as [3, 3, channels, 1]: fan-in 9·channels, fan-out 9.
                fans = module.weight[0, 0].numel() * (module.in_channels + module.out_channels / module.groups)
                nn.init.uniform_(module.weight, -((6 / fans) ** 0.5), (6 / fans) ** 0.5)
        nn.init.xavier_uniform_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        return self.head(self.features(x).mean((2, 3)))


def make_step(model, images, labels, task):
    norms = {id(p) for m in model.modules() if isinstance(m, nn.BatchNorm2d) for p in m.parameters()}
    kernels = [p for p in model.parameters() if id(p) not in norms]
    optimizer = torch.optim.SGD(model.parameters(), lr=task["learningRate"], foreach=True)

    def penalty():
        if task["compiled"]:
            # Compiled, squares and sums are fused; the norms below are a little slower.
            return sum(kernel.square().sum() for kernel in kernels)
        return torch.stack(torch._foreach_norm(kernels)).square().sum()

    def loss_of(images, labels):
        return F.cross_entropy(model(images), labels) + task["l2"] * penalty()

    loss_of = torch.compile(loss_of) if task["compiled"] else loss_of

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(images, labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, task["l2"] * float(penalty())


task, images, labels = measure.read_task()
torch.set_num_threads(task["threads"])
torch.manual_seed(0)
# The faster format: eager, the other takes half as long again.
model = MobileNetV2(task["classes"]).to(memory_format=torch.channels_last)
images = torch.from_numpy(images).permute(0, 3, 1, 2)
step, penalty = make_step(model, images, torch.from_numpy(labels).long(), task)
statistics = [b for name, b in model.named_buffers() if not name.endswith("num_batches_tracked")]
measure.run(
    task,
    step,
    parameters=sum(tensor.numel() for tensor in [*model.parameters(), *statistics]),
    penalty=penalty,
    version=f"PyTorch {torch.__version__}",
)
