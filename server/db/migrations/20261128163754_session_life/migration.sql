ALTER TABLE "sessions" ADD COLUMN "began" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "closed" timestamp(3) with time zone;