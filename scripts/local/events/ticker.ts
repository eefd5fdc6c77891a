import { callAt } from '../durable/wait.ts';
import type { RuntimeContext } from '../emulated-service.ts';
import type { Router } from './router.ts';
import type { Rule, RuleStore } from './rule-store.ts';
import { parseSchedule } from './schedule-expression.ts';

/** Fires the rules that have a schedule. Times that pass while the runtime is stopped are not made up for. */
export class RuleTicker {
  readonly #context: RuntimeContext;
  readonly #rules: RuleStore;
  readonly #router: Router;
  readonly #cancels = new Map<string, () => void>();
  #isRunning = false;

  constructor(context: RuntimeContext, rules: RuleStore, router: Router) {
    this.#context = context;
    this.#rules = rules;
    this.#router = router;
  }

  resume(): void {
    this.#isRunning = true;
    for (const rule of this.#rules.allRules()) this.rearm(rule.arn);
  }

  stop(): void {
    this.#isRunning = false;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  /** Takes up a rule that is new or changed, or lets go of one that is gone. */
  rearm(ruleArn: string): void {
    this.#cancels.get(ruleArn)?.();
    this.#cancels.delete(ruleArn);
    const rule = this.#rules.find(ruleArn);
    if (this.#isRunning && rule !== undefined) this.#arm(rule);
  }

  #arm(rule: Rule): void {
    if (!rule.isEnabled || rule.scheduleExpression === undefined) return;
    const timeMs = parseSchedule(rule.scheduleExpression).next(this.#context.now(), rule.createdMs);
    if (timeMs === undefined) return;
    const cancel = callAt(timeMs, this.#context.now, () => {
      this.#router.fire(rule, timeMs);
      this.#arm(rule);
    });
    this.#cancels.set(rule.arn, cancel);
  }
}
