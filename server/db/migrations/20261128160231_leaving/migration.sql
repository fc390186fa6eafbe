ALTER TABLE "person" ADD COLUMN "deactivated" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "erased" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "kept_name" text;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "suspended" boolean DEFAULT false NOT NULL;