import type { Random } from "../random.ts";

const firstNames = (
  "ada amira anders aoife bao carla chen dmitri elif emeka esra fatima felix freya giulia hana ines ivan jamal jonas " +
  "keiko lars leila lucia maja mateo mina nadia nils noor olga omar paola petra priya quentin rafael rosa saanvi selim " +
  "sofia tariq tomas uma vera wei xenia yara yusuf zoe"
).split(" ");

const lastNames = (
  "abbott adeyemi alonso bauer bergman chandra costa cruz dahl diaz eriksen ferrari fischer garcia gupta haddad hoffman " +
  "ito jansen kaya khan kim kowalski larsen lindqvist lopez marino meyer moreau nakamura ndiaye novak okafor olsen patel " +
  "petrov quinn rahman rossi santos schmidt singh sato tanaka ueda varga weber wilson xu yilmaz zhang"
).split(" ");

const jobs = (
  "backup billing-export cdn-purge ci cost-report crm-sync datadog deploy dns-update dwh-loader etl fraud-scoring " +
  "git-mirror grafana image-resizer invoice-mailer jenkins legacy-cron log-shipper mailer metrics metering oncall-bot " +
  "partner-feed payroll pdf-render search-index sftp-bridge slack-bot snapshot terraform vault video-encode webhook"
).split(" ");

/** Forms in which machines are named in grown accounts; all of them are legal in IAM. */
const machineForms: readonly ((job: string, stage: string) => string)[] = [
  (job, stage) => `svc-${job}-${stage}`,
  (job) => `svc-${job}`,
  (job, stage) => `${job}+${stage}@acme.example`,
  (job, stage) => `job=${job},stage=${stage}`,
  (job) => `${job}_bot`,
];

const stages = ["prod", "stage", "dev", "eu", "us"];

export interface PersonName {
  readonly first: string;
  readonly last: string;
}

/** Hands out names that no other user of the account has. */
export interface NameGiver {
  person(): { readonly userName: string; readonly person: PersonName };
  machine(): { readonly userName: string; readonly job: string };
}

export function createNameGiver(random: Random): NameGiver {
  const given = new Set<string>();
  const unlike = (name: string): string => {
    // IAM compares user names regardless of case.
    let free = name;
    for (let count = 2; given.has(free.toLowerCase()); count += 1) free = `${name}${count}`;
    given.add(free.toLowerCase());
    return free;
  };
  return {
    person() {
      const person = { first: random.pick(firstNames), last: random.pick(lastNames) };
      const plain = `${person.first}.${person.last}`;
      return { person, userName: unlike(random.chance(0.3) ? `${plain}@acme.example` : plain) };
    },
    machine() {
      const job = random.pick(jobs);
      return { job, userName: unlike(random.pick(machineForms)(job, random.pick(stages))) };
    },
  };
}
