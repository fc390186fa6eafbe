CREATE TABLE "success_rules" (
	"spoc" text PRIMARY KEY,
	"share" integer NOT NULL,
	"required" boolean NOT NULL,
	"quizzes" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "attendance_lines" DROP CONSTRAINT "attendance_lines_session_sessions_id_fkey";--> statement-breakpoint
ALTER TABLE "attendance_signatures" DROP CONSTRAINT "attendance_signatures_session_sessions_id_fkey";--> statement-breakpoint
-- Objectives get an identity; what named them by their words names them by it from now on. Words of before that no objective has any more stay as they are.
ALTER TABLE "spocs" ADD COLUMN "aims" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
UPDATE "spocs" SET "aims" = (
	SELECT coalesce(jsonb_agg(jsonb_build_object('id', replace(gen_random_uuid()::text, '-', ''), 'text', o."text") ORDER BY o."n"), '[]')
	FROM unnest("spocs"."objectives") WITH ORDINALITY AS o("text", "n")
);--> statement-breakpoint
UPDATE "activities" SET "objectives" = ARRAY(
	SELECT o.value ->> 'id' FROM "spocs", jsonb_array_elements("spocs"."aims") WITH ORDINALITY AS o(value, n)
	WHERE "spocs"."id" = "activities"."spoc" AND o.value ->> 'text' = ANY ("activities"."objectives")
	ORDER BY o.n
);--> statement-breakpoint
UPDATE "ratings" SET "objective" = o."id" FROM (
	SELECT DISTINCT ON ("activities"."id", one.value ->> 'text') "activities"."id" AS "activity", one.value ->> 'text' AS "text", one.value ->> 'id' AS "id"
	FROM "activities" JOIN "spocs" ON "spocs"."id" = "activities"."spoc", jsonb_array_elements("spocs"."aims") AS one(value)
) o WHERE o."activity" = "ratings"."activity" AND o."text" = "ratings"."objective";--> statement-breakpoint
ALTER TABLE "spocs" DROP COLUMN "objectives";--> statement-breakpoint
ALTER TABLE "spocs" RENAME COLUMN "aims" TO "objectives";--> statement-breakpoint
ALTER TABLE "success_rules" ADD CONSTRAINT "success_rules_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");