/** Words of names that nobody chose. None can offend in front of any other. */
const adjectives =
  'able airy ample apt bold brave bright brisk calm clear clever cool crisp deft eager early even fair fast fine firm fleet fond free fresh gentle glad golden grand great green handy happy hardy honest humble keen kind light lively lucid lucky mellow merry mighty neat nimble noble patient plain polite proud quick quiet rapid ready rich robust round serene sharp silent silver sincere sleek smart smooth snug solid spry steady stellar still sturdy sunny swift tidy trim trusty upbeat vivid warm wise witty zesty'.split(
    ' ',
  );
const nouns =
  'auk bass bear bee bison bream cod colt crab crane crow cub deer dolphin dove duck eagle eel elk falcon finch fish fox frog gnu goat goose grouse gull hare hawk hen heron hound ibex jay kite koi lamb lark loon lynx mink mole moose moth mouse mule newt orca otter owl ox panda perch pony puma quail ram raven robin seal shark sheep shrew shrike skink sloth smelt snail snipe sole squid squirrel stag stork swan tern toad trout turtle vole wasp whale wolf wren yak zebra'.split(
    ' ',
  );

/** `random` answers numbers from 0 up to 1. */
const oneOf = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)]!;

/** `adjective-noun-123`, as MLflow names a run that comes without a name. */
export const generatedRunName = (random: () => number): string =>
  `${oneOf(adjectives, random)}-${oneOf(nouns, random)}-${Math.floor(random() * 1000)}`;
