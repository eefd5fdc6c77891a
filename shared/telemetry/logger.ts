import { Logger } from '@aws-lambda-powertools/logger';

/** The one structured logger of a function. Service name and level come from POWERTOOLS_SERVICE_NAME and LOG_LEVEL. */
export const logger = new Logger();
