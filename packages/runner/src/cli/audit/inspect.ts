/** Entry point of the process that `l2bn plan` and `l2bn validate` start: reads the data, builds the models, times steps. */
import { auditRegularizers, buildModel, type Dataset, loadDataset, warmUp } from '@l2bn/core';
import { type DataConfig, formatProblem, InputError, type InputProblem, type TrialConfig } from '@l2bn/core/sweep';
import { modelProblem } from '../../engine/model-problem.ts';
import { tryModels } from '../../engine/try-models.ts';
import { canonicalJson } from '../../plan/canonical-json.ts';
import { type Measurements, measureShapes } from '../estimate/measure-shapes.ts';
import { answerRequest } from '../process/helper-process.ts';
import type { AuditVariable, DataSummary, InspectionAnswer, InspectionRequest, TimingRequest } from './inspection.ts';

answerRequest((request: InspectionRequest, say) => new Inspector(request, say).inspect());

class Inspector {
  private readonly request: InspectionRequest;
  private readonly say: (progress: string) => void;
  private readonly datasets = new Map<string, Dataset>();
  /** By their text, so that each is said once. */
  private readonly problems = new Map<string, InputProblem>();

  constructor(request: InspectionRequest, say: (progress: string) => void) {
    this.request = request;
    this.say = say;
  }

  async inspect(): Promise<InspectionAnswer> {
    const { data, models, timing } = this.request;
    for (const config of data) await this.load(config);
    if (timing !== undefined) await warmUp();
    // The clock of a process starts with it.
    const ready = performance.now();
    await this.tryAll();
    const audits: AuditVariable[][] = [];
    for (const config of this.isRefused ? [] : models) audits.push(await this.audit(config));
    const measured = timing === undefined || this.isRefused ? undefined : await this.measure(timing);
    if (this.isRefused) return { problems: [...this.problems.values()] };
    return {
      data: data.map((config) => summary(this.datasetOf(config)!)),
      models: audits,
      start: ready + (measured?.threadStart ?? 0),
      costs: measured?.costs ?? [],
    };
  }

  private get isRefused(): boolean {
    return this.problems.size > 0;
  }

  private async load(config: DataConfig): Promise<void> {
    this.say(`reading ${config.path ?? config.source}`);
    const { baseDirectory, file } = this.request;
    try {
      this.datasets.set(canonicalJson(config), await loadDataset(config, { baseDirectory, file, path: 'config.data' }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.note(error.problems.map((problem) => ({ file, ...problem })));
    }
  }

  /** As an engine host does, so that the same is refused in the same words. Models whose data is refused are left. */
  private async tryAll(): Promise<void> {
    const { tried, baseDirectory, file } = this.request;
    const triable = tried.filter(({ config }) => this.datasetOf(config.data) !== undefined);
    if (triable.length > 0) this.say(`building ${triable.length === 1 ? triable[0]!.config.model : 'the models'}`);
    try {
      await tryModels(triable, (data) => this.datasetOf(data)!, baseDirectory);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.note(error.problems.map((problem) => ({ file, ...problem })));
    }
  }

  private async audit(config: TrialConfig): Promise<AuditVariable[]> {
    this.say(`building ${config.model} ${config.batchNorm ? 'with BN' : 'without BN'}`);
    const { shape: inputShape, classes } = this.datasetOf(config.data)!;
    const folder = this.request.baseDirectory;
    try {
      const model = await buildModel(config, { inputShape, classes: classes.length, seed: 1, folder });
      try {
        return auditRegularizers(model).map(({ variable: _, ...row }) => row);
      } finally {
        model.dispose();
      }
    } catch (error) {
      this.noteModel(error, config);
      return [];
    }
  }

  private measure({ shapes, together, temporaryFolder }: TimingRequest): Promise<Measurements> {
    const onProgress = (measured: number) =>
      this.say(`timing training steps${shapes.length === 1 ? '' : ` (${measured} of ${shapes.length} kinds)`}`);
    onProgress(0);
    return measureShapes(shapes, {
      together,
      temporaryFolder,
      baseDirectory: this.request.baseDirectory,
      datasetOf: ({ data }) => this.datasetOf(data)!,
      onProgress,
      onRefused: (error, config) => this.noteModel(error, config),
    });
  }

  private datasetOf(config: DataConfig): Dataset | undefined {
    return this.datasets.get(canonicalJson(config));
  }

  private noteModel(error: unknown, { model }: TrialConfig): void {
    if (!(error instanceof InputError)) throw error;
    const { file } = this.request;
    this.note(error.problems.map((problem) => ({ file, ...modelProblem(problem, model) })));
  }

  private note(problems: InputProblem[]): void {
    for (const problem of problems) this.problems.set(formatProblem(problem), problem);
  }
}

const summary = ({ name, classes, train, validation, hash }: Dataset): DataSummary => ({
  name,
  classes: classes.length,
  train: train.count,
  validation: validation.count,
  hash,
});
