import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredTraceItems } from './trace-items.ts';

/** The part of the golden items that is of traces. */
export const traceGoldenItems: GoldenItems<StoredTraceItems> = {
  trace: [
    {
      pk: 'TRACE#tr-a25766f583b815e6a06aa1c31b77e9aa',
      sk: 'TRACE',
      schemaVersion: 1,
      revision: 1,
      trace:
        '{"traceId":"tr-a25766f583b815e6a06aa1c31b77e9aa","experimentId":"610858143355689323","requestTimeMs":1795840896879,"state":"OK","metadata":{"mlflow.trace.session":"s4","mlflow.trace.tokenUsage":"{\\"input_tokens\\":3,\\"output_tokens\\":5,\\"total_tokens\\":8}"},"tags":{"mlflow.artifactLocation":"mlflow-artifacts:/610858143355689323/traces/tr-a25766f583b815e6a06aa1c31b77e9aa/artifacts","service.instance.id":"ec1852f9-342d-407b-8f96-6ce96ce58c3c","service.name":"shop","mlflow.trace.spansLocation":"TRACKING_STORE"},"assessments":[],"runIds":["80e5f1ceda5a42db8e53695ff94a3c05"],"prompts":[],"executionDurationMs":0,"requestPreview":"hello 158"}',
      gsi1pk: 'TRACES#610858143355689323#3',
      gsi1sk: '001795840896879#tr-a25766f583b815e6a06aa1c31b77e9aa',
    },
  ],
  spans: [
    {
      pk: 'TRACE#tr-a25766f583b815e6a06aa1c31b77e9aa',
      sk: 'SPANS#5264d1f25a543673b64513f2ba513d7c',
      schemaVersion: 1,
      receivedAtMs: 1795840899332,
      packed: Buffer.from(
        'vZNbb9NAEIX/CppnY9lxfJXyUFGgFaBwKUioqqxJPHFXWe863nGgWP7vaB0UUmhuPPBo7ZzjnXP2u+2AG5xTLgrIQMuiSr9Ox68IS1xdXb4OFvWqnEzAAVOj2gy9UVON7+er9eKDPVBYEWQgZWWnGBvOWVSUt0p8zxUqDRn4cRomYy9JoyROvdhLRx44QKo4OhpGXgwOIHMjZi2Tgey2gyU9QAYlqRyFq2tqkIVW7nAVB9YoW4KsA8ONUGX+6xvm98jQ984f+tZgSa5Qdcs56yUps+shFG8Ngr1q3fJxefiEvKFVS4bdShckD9y92tVWciH1N3co7uPG4Lo4IObmOY7COIoWYRLMEj+kCL0I0Z8H/iyOKUV8wl7K6p+uZWN2hyQ+22x21cu1FGYbSLc52K307BbOD541ozwiSKDv7/q/V7MQ3DzUhx7Zi6uLm/zd9PLlW+sxEMGtgazrHaixIcX5b5REGn75RBd1+aOcgP3buSw+Mtiy2GjNp8IYRnGQnghjMor9fTAOzbmbFPanc09S6md+mOw2YsgYi6849IbN+P8TYHO+tnuZE1d61Hd/9xM=',
        'base64',
      ),
    },
  ],
};
