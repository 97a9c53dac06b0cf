/** Entry point of the process that `l2bn plan` and `l2bn validate` start: reads the data, builds the models, times steps. */
import {
  auditRegularizers,
  buildModel,
  clearGraphCache,
  createTrainStep,
  type Dataset,
  loadDataset,
  warmUp,
} from '@l2bn/core';
import { type DataConfig, formatProblem, InputError, type InputProblem, type TrialConfig } from '@l2bn/core/sweep';
import { canonicalJson } from '../../plan/canonical-json.ts';
import { type Measurements, measureShapes } from '../estimate/measure-shapes.ts';
import { answerRequest } from '../helper-process.ts';
import type { AuditVariable, DataSummary, InspectionAnswer, InspectionRequest } from './inspection.ts';
import { modelProblems } from './model-problem.ts';

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
    const { data, timing } = this.request;
    for (const config of data) await this.load(config);
    if (timing !== undefined) await warmUp();
    // The clock of a process starts with it.
    const ready = performance.now();
    const models = await this.buildAll();
    const measured = timing === undefined || this.problems.size > 0 ? undefined : await this.measure(timing);
    if (this.problems.size > 0) return { problems: [...this.problems.values()] };
    const { costs, threadStart } = measured ?? { costs: [], threadStart: 0 };
    return { data: data.map((config) => summary(this.datasetOf(config)!)), models, start: ready + threadStart, costs };
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

  /** The models are audited; shapes that are not timed are at least built. */
  private async buildAll(): Promise<AuditVariable[][]> {
    const { models, shapes, timing } = this.request;
    const audits: AuditVariable[][] = [];
    for (const config of models) audits.push((await this.build(config)) ?? []);
    const built = new Set(models.map(canonicalJson));
    for (const config of timing === undefined ? shapes : []) {
      if (!built.has(canonicalJson(config))) await this.build(config);
    }
    clearGraphCache();
    return audits;
  }

  /** Undefined for one that cannot be trained. */
  private async build(config: TrialConfig): Promise<AuditVariable[] | undefined> {
    const dataset = this.datasetOf(config.data);
    if (dataset === undefined) return undefined;
    this.say(`building ${config.model} ${config.batchNorm ? 'with BN' : 'without BN'}`);
    try {
      const { shape: inputShape, classes } = dataset;
      const folder = this.request.baseDirectory;
      const model = await buildModel(config, { inputShape, classes: classes.length, seed: 1, folder });
      try {
        const optimizer = { name: config.optimizer, momentum: config.momentum };
        (await createTrainStep(config.engine, model, { optimizer })).dispose();
        return auditRegularizers(model).map(({ variable: _, ...row }) => row);
      } finally {
        model.dispose();
      }
    } catch (error) {
      this.noteModel(error, config);
      return undefined;
    }
  }

  private measure(timing: { together: number; temporaryFolder: string }): Promise<Measurements> {
    const { shapes, baseDirectory } = this.request;
    const onProgress = (measured: number) =>
      this.say(`timing training steps${shapes.length === 1 ? '' : ` (${measured} of ${shapes.length} kinds)`}`);
    onProgress(0);
    const datasetOf = ({ data }: TrialConfig) => this.datasetOf(data)!;
    const onRefused = (error: InputError, config: TrialConfig) => this.noteModel(error, config);
    return measureShapes(shapes, { ...timing, baseDirectory, datasetOf, onProgress, onRefused });
  }

  private datasetOf(config: DataConfig): Dataset | undefined {
    return this.datasets.get(canonicalJson(config));
  }

  private noteModel(error: unknown, { model }: TrialConfig): void {
    if (!(error instanceof InputError)) throw error;
    this.note(modelProblems(error, this.request.file, model));
  }

  private note(problems: InputProblem[]): void {
    for (const problem of problems) this.problems.set(formatProblem(problem), problem);
  }
}

const summary = ({ name, classes, train, validation }: Dataset): DataSummary => ({
  name,
  classes: classes.length,
  train: train.count,
  validation: validation.count,
});
