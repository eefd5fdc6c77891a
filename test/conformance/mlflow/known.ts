const typesAreChecked =
  "MLflow's server takes values of other types here; a client error says what is allowed";
const answersTheThing = "answers what the protocol buffers declare, where MLflow's server answers nothing";
const saysExperiments = 'says its experiments, which MLflow leaves for another question';
const bigExperimentId = 'the message has 32 bits for the id, which ours need more than';

/**
 * Where Millrace answers otherwise than MLflow's server, on purpose: a step by scenario and title, and why. A difference that is
 * gone must be taken out: the check says so.
 */
export const knownDifferences: Readonly<Record<string, string>> = {
  'experiments: refuses to rename to a name that is taken':
    'RESOURCE_ALREADY_EXISTS, as for a new experiment; MLflow hands on what its database says',
  'runs: creates one to vary, without experiment_id':
    'goes to the default experiment; MLflow hands on what its database says',
  'runs: creates one to vary, with a wrong user_id': typesAreChecked,
  'runs: creates one to vary, with a wrong tags': typesAreChecked,
  'runs: reads the history of a metric, with a wrong run_id':
    'an unknown run is an error and no empty history',
  'runs: refuses an unknown view': typesAreChecked,
  'logged models: tags it': answersTheThing,
  'logged models: makes it ready, without model_id': 'the path says which model it is',
  'logged models: makes it ready, with a wrong model_id': 'the path says which model it is',
  'logged models: makes it ready, with a wrong status': typesAreChecked,
  "logged models: finds those with attributes.status = 'READY'":
    'compares the name of the status; MLflow compares it with a number and finds nothing',
  'evaluation datasets and scorers: gets it': saysExperiments,
  'evaluation datasets and scorers: finds it': saysExperiments,
  'evaluation datasets and scorers: finds it by a query string': saysExperiments,
  'evaluation datasets and scorers: gives it to another experiment': saysExperiments,
  'evaluation datasets and scorers: takes it from one': saysExperiments,
  'evaluation datasets and scorers: tags it': answersTheThing,
  'evaluation datasets and scorers: lists scorers': bigExperimentId,
  'evaluation datasets and scorers: lists its versions': bigExperimentId,
  'evaluation datasets and scorers: gets a scorer': bigExperimentId,
  'traces: gets several': 'leaves out a trace that has no spans; MLflow answers a server error',
};
