-- Written by hand: an exclusion constraint is not something that the tables' code can say. Keep it after the migration that makes "calls".
CREATE EXTENSION IF NOT EXISTS btree_gist;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_mentor_time" EXCLUDE USING gist ("mentor" WITH =, tstzrange("starts", "free") WITH &&) WHERE ("state" <> 'cancelled');
