//! The services themselves ask the policy, whatever called them: each refuses whoever may not do that.
//!
//! The authorisation table tries the same from outside. There a second rule often refuses as well (a
//! program's routes, the account's own row), which would hide that the first one is gone.

use domain::{
    ApiTokenId, Caller, DocumentId, Error, Identity, Job, JobId, JobKind, Kind, Role, Scope,
    SessionId, SignIn, UserId,
};
use extraction::{Extractor, Limits};
use services::{Processed, Services};
use std::time::Duration;
use testkit::TestApp;
use uuid::Uuid;

/// The vault's services, and the account of its one admin.
async fn vault() -> (TestApp, Services, UserId) {
    let app = TestApp::start().await;
    let id = app.database.texts("SELECT id::text FROM users").await;
    let admin = UserId(id[0].parse().unwrap());
    let services = app.services();
    (app, services, admin)
}

fn signed_in(user: UserId, role: Role, scope: Scope) -> Caller {
    Caller::anonymous("a test").signed_in(Identity {
        user,
        role,
        scope,
        sign_in: SignIn::Session(SessionId(Uuid::nil())),
    })
}

/// By the policy: what refuses for another reason says something else.
fn forbidden<T>(act: &str, outcome: Result<T, Error>) {
    match outcome {
        Err(error) => assert_eq!(error.kind, Kind::Forbidden, "{act}: {error}"),
        Ok(_) => panic!("{act} was done"),
    }
}

#[tokio::test]
async fn nobody_does_the_vaults_own_work() {
    let (_app, services, admin) = vault().await;
    let admin = signed_in(admin, Role::Admin, Scope::Admin);
    let sweeping = services.sweeping();
    let now = domain::Clock::system().now();
    forbidden("forget", sweeping.forget_old_sign_ins(&admin).await);
    forbidden("seal", sweeping.seal_anew(&admin).await);
    forbidden("seal all", sweeping.seal_everything(&admin).await);
    forbidden("delete", sweeping.delete_noted(&admin, now).await);
    forbidden("orphans", sweeping.note_orphans(&admin, now).await);
    forbidden("parts", sweeping.abort_unfinished(&admin, now).await);
    forbidden("verify", services.audit().verify(&admin).await);
    forbidden("recount", services.quotas().recount(&admin).await);
    forbidden("set up", services.accounts().set_up_link(&admin).await);
    let (scrubbing, often) = (services.scrubbing(), Duration::ZERO);
    forbidden("due", scrubbing.begin_if_due(&admin, often).await);
    forbidden("step", scrubbing.step(&admin, now).await);
    forbidden("whole", scrubbing.whole(&admin, now, |_| ()).await);
}

#[tokio::test]
async fn nobody_works_off_a_job() {
    let (app, services, admin) = vault().await;
    let document = app.client.upload("a.txt", "A letter.").await;
    let job = app.database.texts("SELECT id::text FROM jobs").await;
    let job = Job {
        id: JobId(job[0].parse().unwrap()),
        kind: JobKind::Process,
        document_id: DocumentId(document.id),
        attempts: 1,
        max_attempts: 5,
        fence: 1,
    };
    let extractor = Extractor::new("/bin/false".into(), Vec::new(), Limits::default());
    let caller = signed_in(admin, Role::Admin, Scope::Admin);
    let processed = services.processing(&extractor).run(&caller, &job).await;
    assert!(
        matches!(&processed, Processed::Retry(why) if why == "the caller may not work off jobs"),
        "{processed:?}"
    );
}

#[tokio::test]
async fn the_vault_itself_reads_nobodys_things() {
    let (_app, services, _) = vault().await;
    let vault = Caller::system("a test");
    let (documents, document) = (services.documents(), DocumentId(Uuid::nil()));
    let query = wire::DocumentQuery::default();
    forbidden("list", documents.list(&vault, &query).await);
    forbidden("get", documents.get(&vault, document).await);
    forbidden("content", documents.content(&vault, document).await);
    forbidden("thumbnail", documents.thumbnail(&vault, document).await);
    forbidden("topics", services.topics().list(&vault).await);
    forbidden("choices", services.topics().choices(&vault).await);
    forbidden("settings", services.filing_settings().get(&vault).await);
    forbidden("me", services.accounts().me(&vault).await);
    forbidden("email", services.accounts().email(&vault).await);
    forbidden("events", services.events(&vault));
    forbidden("relatives", documents.relatives(&vault, document).await);
    forbidden("pipeline", services.pipeline().own(&vault).await);
    forbidden("retry", services.pipeline().retry_own(&vault).await);
    let query = wire::ActivityQuery::default();
    forbidden("activity", services.activity().own(&vault, &query).await);
}

#[tokio::test]
async fn who_administers_is_an_admin_with_the_scope_for_it() {
    let (app, services, admin) = vault().await;
    let users = services.users();
    let other = UserId(Uuid::now_v7());
    let new = wire::NewUser {
        handle: "eve".to_owned(),
        email: "eve@vault.test".to_owned(),
        role: "admin".to_owned(),
        limit_bytes: None,
    };
    for caller in [
        signed_in(admin, Role::Admin, Scope::Write),
        signed_in(admin, Role::User, Scope::Admin),
    ] {
        let patch = wire::UserPatch::default();
        forbidden("update", users.update(&caller, other, &patch).await);
        forbidden("create", users.create(&caller, &new).await);
        forbidden("link", users.password_link(&caller, other).await);
        forbidden("factor", users.reset_second_factor(&caller, other).await);
        forbidden("sign out", users.sign_out(&caller, other).await);
        let query = wire::UserQuery::default();
        forbidden("list", users.list(&caller, &query).await);
        forbidden("get", users.get(&caller, other).await);
        let (pipeline, document) = (services.pipeline(), DocumentId(Uuid::nil()));
        forbidden("pipeline", pipeline.whole(&caller).await);
        forbidden("retry all", pipeline.retry_all(&caller).await);
        forbidden("retry", pipeline.retry(&caller, document).await);
        forbidden("scrub", services.scrubbing().report(&caller).await);
        forbidden("scrub now", services.scrubbing().request(&caller).await);
        // It asks again when it says how the scrub stands, which is too late.
        let begun = app.database.number("SELECT count(*) FROM scrubs").await;
        assert_eq!(begun, 0, "scrub now");
        let query = wire::EverybodysActivityQuery::default();
        forbidden(
            "activity",
            services.activity().everybodys(&caller, &query).await,
        );
        let invitation = wire::NewInvitation::default();
        forbidden(
            "invite",
            services.accounts().invite(&caller, &invitation).await,
        );
    }
}

#[tokio::test]
async fn a_token_of_less_scope_makes_no_other() {
    let (_app, services, admin) = vault().await;
    let mut caller = signed_in(admin, Role::Admin, Scope::Write);
    let new = wire::NewApiToken {
        name: "another".to_owned(),
        scope: "admin".to_owned(),
        expires_in_days: None,
    };
    forbidden("session", services.api_tokens().create(&caller, &new).await);
    caller = caller.signed_in(Identity {
        sign_in: SignIn::ApiToken(ApiTokenId(Uuid::nil())),
        ..*caller.identity().unwrap()
    });
    forbidden("token", services.api_tokens().create(&caller, &new).await);
}

/// Before anything is said of what was asked for.
#[tokio::test]
async fn who_may_not_write_deletes_nothing_not_even_none() {
    let (_app, services, admin) = vault().await;
    let reader = signed_in(admin, Role::Admin, Scope::Read);
    let none: [DocumentId; 0] = [];
    let deleted = services.documents().delete_each(&reader, &none).await;
    forbidden("delete each", deleted);
}
