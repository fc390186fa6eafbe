CREATE TABLE "waiting" (
	"id" text PRIMARY KEY,
	"spoc" text NOT NULL,
	"invitation" text NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"why" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "waiting_once" UNIQUE("spoc","email")
);
--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "mail_hash" text;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "code" text;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "code_tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "words" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "session" text;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "sendings" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "invitation" text;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_mail_hash" UNIQUE("mail_hash");--> statement-breakpoint
CREATE INDEX "invitations_email" ON "invitations" ("email");--> statement-breakpoint
CREATE INDEX "members_invitation" ON "members" ("invitation");--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_invitation_invitations_id_fkey" FOREIGN KEY ("invitation") REFERENCES "invitations"("id");--> statement-breakpoint
ALTER TABLE "waiting" ADD CONSTRAINT "waiting_spoc_spocs_id_fkey" FOREIGN KEY ("spoc") REFERENCES "spocs"("id");--> statement-breakpoint
ALTER TABLE "waiting" ADD CONSTRAINT "waiting_invitation_invitations_id_fkey" FOREIGN KEY ("invitation") REFERENCES "invitations"("id");