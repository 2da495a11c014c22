import * as z from "zod/mini";
import { alwaysOpen, type Calendar, type DayRange, isTimeZone, weekdays } from "../act/calendar.ts";
import type { Exemption } from "../act/exemptions.ts";
import { parseInstant } from "../core/time.ts";
import type { Kind } from "./kind.ts";
import { date, structured, text } from "./kinds.ts";

/** What exemptions and the setting `protected` match names with. */
export const glob = (): Kind<string> =>
  text({
    pattern: /\S/,
    expects: "a name, in which * stands for any text and ? for one character",
    placeholder: "GLOB",
  });

const zoneSays = { error: "a time zone that this Node.js knows, such as Europe/Berlin" };
const timeZone = () => z.string(zoneSays).check(z.refine(isTimeZone, zoneSays));

const weekdaySays = { error: `one of ${weekdays.join(", ")}` };
const weekdaysSays = { error: "a list of weekdays, such as [mon, tue]" };
const weekdayList = () => z.array(z.enum(weekdays, weekdaySays), weekdaysSays).check(z.minLength(1, weekdaysSays));

const hoursSays = { error: "hours within a day, such as 09:00-17:00" };
const hoursText = () =>
  z.string(hoursSays).check(z.regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, hoursSays));
const hours = () =>
  z.pipe(
    z.pipe(hoursText(), z.transform(readHours)),
    z.custom<Calendar["hours"]>((range: Calendar["hours"]) => range.from < range.to, hoursSays),
  );

function readHours(range: string): Calendar["hours"] {
  const [from, to] = range.split("-").map(minuteOf);
  return { from: Number(from), to: Number(to) };
}

function minuteOf(time: string): number {
  const [hour, minute] = time.split(":").map(Number);
  return Number(hour) * 60 + Number(minute);
}

const daysSays = { error: "a day such as 2026-12-24, or the first and last of several such as 2026-12-20..2027-01-06" };
const daysText = () => z.string(daysSays).check(z.regex(/^\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?$/, daysSays));
const days = () =>
  z.pipe(
    z.pipe(daysText(), z.transform(readDays)),
    z.custom<DayRange>(({ first, last }: DayRange) => isDay(first) && isDay(last) && first <= last, daysSays),
  );

function readDays(range: string): DayRange {
  const [first = range, last = first] = range.split("..");
  return { first, last };
}

const isDay = (day: string): boolean => parseInstant(day) !== undefined;

const calendarSays = { error: "a map with time_zone, weekdays, hours or freeze" };
const calendarMap = () =>
  z.strictObject(
    {
      time_zone: z.exactOptional(timeZone()),
      weekdays: z.exactOptional(weekdayList()),
      hours: z.exactOptional(hours()),
      freeze: z.exactOptional(z.array(days(), { error: "a list of days" })),
    },
    calendarSays,
  );

/** When actions may happen; what it does not say is always open. */
export const calendar = (): Kind<Calendar> =>
  structured(
    () =>
      z.pipe(
        calendarMap(),
        z.transform(
          ({ time_zone, ...said }): Calendar => ({ ...alwaysOpen, ...(time_zone && { timeZone: time_zone }), ...said }),
        ),
      ),
    calendarSays.error,
  );

const exemptionSays = { error: "a map with one of name, user and key, and with reason, owner and until" };
const exemptionMap = () =>
  z.strictObject(
    {
      name: z.exactOptional(glob().schema),
      user: z.exactOptional(glob().schema),
      key: z.exactOptional(glob().schema),
      reason: text().schema,
      owner: text().schema,
      until: date().schema,
    },
    exemptionSays,
  );

type ExemptionMap = z.infer<ReturnType<typeof exemptionMap>>;

const globsOf = ({ name, user, key }: ExemptionMap): string[] => [name, user, key].filter((one) => one !== undefined);

const exemption = () =>
  z.pipe(
    exemptionMap().check(z.refine((map) => globsOf(map).length === 1, exemptionSays)),
    z.transform((map): Exemption => {
      const { reason, owner, until } = map;
      return { names: globsOf(map).join(), reason, owner, until };
    }),
  );

const exemptionsSays = { error: "a list of exemptions" };

/** Each has a reason, an owner and an end; the day it ends on is not part of it. */
export const exemptions = (): Kind<readonly Exemption[]> =>
  structured<readonly Exemption[]>(() => z.array(exemption(), exemptionsSays), exemptionsSays.error);
