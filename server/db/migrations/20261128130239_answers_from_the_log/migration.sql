DROP TABLE "quiz_answers";--> statement-breakpoint
CREATE INDEX "happenings_answered" ON "happenings" ("room",("payload" ->> 'question'),"person") WHERE "kind" = 'quiz:answered';--> statement-breakpoint
CREATE VIEW "quiz_answered" AS (
  select room, question, person,
    (array_agg(said order by seq desc) filter (where not late))[1] as choice,
    case when (array_agg(late order by seq desc))[1] then (array_agg(said order by seq desc))[1] end as late,
    (array_agg(unsure order by seq desc))[1] as unsure,
    max(at) as at,
    max(seq) as seq
  from (
    select room, payload ->> 'question' as question, person, seq, at,
      coalesce(payload ->> 'choice', words ->> 'text', '') as said,
      (payload ->> 'late')::boolean as late,
      coalesce((payload ->> 'unsure')::boolean, false) as unsure
    from happenings
    where kind = 'quiz:answered' and person is not null
  ) as answered
  group by room, question, person);