import type { RegressionTree } from '../model/model.ts';
import type { Split } from './split.ts';

const NO_PARENT = 2147483647;

/** Collects the nodes of a growing tree; the two children of a split get neighbouring numbers. */
export class TreeBuilder {
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #parents: number[] = [];
  readonly #splitIndices: number[] = [];
  readonly #splitConditions: number[] = [];
  readonly #defaultLeft: number[] = [];
  readonly #baseWeights: number[] = [];
  readonly #lossChanges: number[] = [];
  readonly #sumHessian: number[] = [];

  addRoot(): number {
    return this.#add(NO_PARENT);
  }

  setLeaf(id: number, value: number, hessian: number): void {
    this.#splitConditions[id] = value;
    this.#baseWeights[id] = value;
    this.#sumHessian[id] = hessian;
  }

  /** Makes the node an inner one. @returns the number of its left child; the right one is the next. */
  setSplit(id: number, split: Split, weight: number, hessian: number): number {
    this.#splitIndices[id] = split.feature;
    this.#splitConditions[id] = split.condition;
    this.#defaultLeft[id] = split.defaultLeft ? 1 : 0;
    this.#baseWeights[id] = weight;
    this.#lossChanges[id] = split.lossChange;
    this.#sumHessian[id] = hessian;
    const left = this.#add(id);
    this.#left[id] = left;
    this.#right[id] = this.#add(id);
    return left;
  }

  build(): RegressionTree {
    return {
      leftChildren: Int32Array.from(this.#left),
      rightChildren: Int32Array.from(this.#right),
      parents: Int32Array.from(this.#parents),
      splitIndices: Int32Array.from(this.#splitIndices),
      splitConditions: Float32Array.from(this.#splitConditions),
      defaultLeft: Uint8Array.from(this.#defaultLeft),
      baseWeights: Float32Array.from(this.#baseWeights),
      lossChanges: Float32Array.from(this.#lossChanges),
      sumHessian: Float32Array.from(this.#sumHessian),
    };
  }

  #add(parent: number): number {
    this.#left.push(-1);
    this.#right.push(-1);
    this.#parents.push(parent);
    this.#splitIndices.push(0);
    this.#splitConditions.push(0);
    this.#defaultLeft.push(0);
    this.#baseWeights.push(0);
    this.#lossChanges.push(0);
    this.#sumHessian.push(0);
    return this.#parents.length - 1;
  }
}
