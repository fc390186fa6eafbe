CREATE TABLE "pictures" (
	"person" text PRIMARY KEY,
	"jpeg" bytea NOT NULL
);
--> statement-breakpoint
ALTER TABLE "pictures" ADD CONSTRAINT "pictures_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id") ON DELETE CASCADE;