import { AppError } from '#shared/kernel/errors.ts';
import type { ContainerImage } from './container-image.ts';

/**
 * Accounts that own the managed XGBoost images, by region, as image_uri_config/xgboost.json of the SageMaker Python SDK lists
 * them for the versions from 0.90-1 on (https://github.com/aws/sagemaker-python-sdk, Apache-2.0).
 */
const imageAccounts: Readonly<Record<string, string>> = {
  'af-south-1': '510948584623',
  'ap-east-1': '651117190479',
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
  'ap-northeast-3': '867004704886',
  'ap-south-1': '720646828776',
  'ap-south-2': '628508329040',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ap-southeast-3': '951798379941',
  'ap-southeast-4': '106583098589',
  'ca-central-1': '341280168497',
  'ca-west-1': '190319476487',
  'cn-north-1': '450853457545',
  'cn-northwest-1': '451049120500',
  'eu-central-1': '492215442770',
  'eu-central-2': '680994064768',
  'eu-north-1': '662702820516',
  'eu-south-1': '978288397137',
  'eu-south-2': '104374241257',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'il-central-1': '898809789911',
  'me-central-1': '272398656194',
  'me-south-1': '801668240914',
  'sa-east-1': '737474898029',
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-gov-east-1': '237065988967',
  'us-gov-west-1': '414596584902',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
};

/** Models of 3.0-5 are UBJSON, which every later XGBoost reads; images before it write a format that XGBoost 3.2 refuses. */
const imageTag = '3.0-5';

/** The managed XGBoost image in a region. Throws XgboostImageUnknown where AWS has none that is known. */
export function xgboostImage(region: string): ContainerImage {
  const account = imageAccounts[region];
  if (!account) {
    throw new AppError(
      'precondition_failed',
      'XgboostImageUnknown',
      `No managed XGBoost image is known for region '${region}'. Deploy to one of: ${Object.keys(imageAccounts).join(', ')}.`,
    );
  }
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    registryId: account,
    registry: `${account}.dkr.ecr.${region}.${domain}`,
    repository: 'sagemaker-xgboost',
    tag: imageTag,
  };
}

export type LearningTask = 'binary_classification' | 'multiclass_classification' | 'regression';

const objectives: Readonly<Record<LearningTask, string>> = {
  binary_classification: 'binary:logistic',
  multiclass_classification: 'multi:softprob',
  regression: 'reg:squarederror',
};

const evaluationMetrics: Readonly<Record<LearningTask, string>> = {
  binary_classification: 'auc',
  multiclass_classification: 'mlogloss',
  regression: 'rmse',
};

/** What the algorithm demands and does not default itself. */
const defaultRounds = 100;

/** Decided by the project's target, so that model, metrics and predictions agree. */
const decidedByTarget = ['objective', 'num_class'];

/**
 * The hyperparameters of a job as SageMaker takes them: all text. The objective follows from the task; `seed` and `eval_metric`
 * may be given. Throws HyperparameterReserved where the project sets what its target decides, HyperparameterInvalid for the seed.
 */
export function xgboostHyperparameters(
  given: Readonly<Record<string, string | number | boolean>>,
  target: { task: LearningTask; classes: number },
  defaultSeed: number,
): { hyperparameters: Record<string, string>; seed: number } {
  const reserved = decidedByTarget.filter((name) => name in given);
  if (reserved.length > 0) {
    throw new AppError(
      'invalid_input',
      'HyperparameterReserved',
      `training.hyperparameters sets ${reserved.join(' and ')}, which follows from target.task '${target.task}'. Remove it.`,
    );
  }
  const seed = Number(given['seed'] ?? defaultSeed);
  if (!Number.isInteger(seed)) {
    throw new AppError(
      'invalid_input',
      'HyperparameterInvalid',
      `training.hyperparameters.seed is '${given['seed']}', a whole number is needed. Leave it out to use split.seed.`,
    );
  }
  const all = {
    num_round: defaultRounds,
    eval_metric: evaluationMetrics[target.task],
    ...given,
    objective: objectives[target.task],
    ...(target.task === 'multiclass_classification' ? { num_class: target.classes } : {}),
    seed,
  };
  return {
    seed,
    hyperparameters: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)])),
  };
}
