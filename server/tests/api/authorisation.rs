//! The table `authorisation.txt` names every route, server function and page, and is true.

use crate::support::form;
use domain::{Caller, Clock, UserId};
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use services::Services;
use std::collections::BTreeSet;
use testkit::{Client, DELETE, POST, Setup, TestApp};
use time::Duration;
use uuid::Uuid;

const TABLE: &str = include_str!("../authorisation.txt");

/// Routes that no list names: they serve the description of the others.
const UNLISTED: [&str; 2] = ["GET /api/openapi.json", "GET /api/docs/"];

/// Of the owner's, and good for nothing.
const INSERT_PASSKEY: &str = "
    INSERT INTO passkeys (id, user_id, credential_id, name, passkey)
    SELECT gen_random_uuid(), id, uuid_send(gen_random_uuid()), 'Key', '{}'
      FROM users WHERE handle = 'owner' RETURNING id::text";

/// The table's columns, in its order.
const CALLERS: [&str; 8] = [
    "nobody", "ended", "disabled", "stranger", "admin", "read", "write", "owner",
];

struct Row {
    act: String,
    policy: &'static str,
    answers: [u16; CALLERS.len()],
    body: &'static str,
}

fn rows() -> Vec<Row> {
    TABLE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(row)
        .collect()
}

fn row(line: &'static str) -> Row {
    let cells: Vec<&str> = line.split_whitespace().collect();
    let [method, path, policy, answers @ .., body] = &cells[..] else {
        panic!("not a row: {line}")
    };
    let answers: Vec<u16> = answers.iter().map(|cell| cell.parse().unwrap()).collect();
    Row {
        act: format!("{method} {path}"),
        policy,
        answers: answers.try_into().unwrap(),
        body,
    }
}

/// The act without what only the request says.
fn name(row: &Row) -> &str {
    row.act.split('?').next().unwrap()
}

fn api_routes() -> BTreeSet<String> {
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| {
            methods
                .as_object()
                .unwrap()
                .keys()
                .map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

fn server_functions() -> BTreeSet<String> {
    server_fn::axum::server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(
                method,
                Method::POST,
                "{path}: a change by GET is one that a link can make"
            );
            format!("FN {}", path.strip_prefix("/_fn/").unwrap())
        })
        .collect()
}

fn pages() -> BTreeSet<String> {
    leptos_axum::generate_route_list(app::App)
        .iter()
        .map(|route| format!("PAGE {}", route.path()))
        .collect()
}

#[tokio::test]
async fn every_route_has_a_row_and_every_row_a_route() {
    let rows = rows();
    let named: BTreeSet<String> = rows.iter().map(|row| name(row).to_owned()).collect();
    assert_eq!(named.len(), rows.len(), "a row stands there twice");
    let mut existing = api_routes();
    existing.extend(server_functions());
    existing.extend(pages());
    existing.extend(UNLISTED.map(str::to_owned));
    let without_row: Vec<_> = existing.difference(&named).collect();
    let without_route: Vec<_> = named.difference(&existing).collect();
    assert!(
        without_row.is_empty(),
        "add to server/tests/authorisation.txt: {without_row:?}"
    );
    assert!(
        without_route.is_empty(),
        "gone, but in server/tests/authorisation.txt: {without_route:?}"
    );
}

/// One of each kind.
struct Cast {
    app: TestApp,
    owner: Client,
    services: Services,
    ended: String,
    disabled: Client,
    stranger: Client,
    read: String,
    write: String,
}

impl Cast {
    async fn new() -> Self {
        // Passkeys are there only at a name.
        let app = Setup::default().at_a_name().start().await;
        let owner = app.person("owner").await;
        let disabled = app.person("disabled").await;
        app.database
            .execute("UPDATE users SET is_active = false WHERE handle = 'disabled'")
            .await;
        Self {
            ended: ended(&app, &owner).await,
            stranger: app.person("stranger").await,
            read: owner.api_token("read").await,
            write: owner.api_token("write").await,
            services: app.services(),
            disabled,
            owner,
            app,
        }
    }

    /// Signed in anew each time: some rows end every session. Not through the API, which counts tries.
    async fn signed_in(&self, client: &Client) -> Client {
        let user = user_of(&self.app, client);
        let caller = Caller::anonymous("a test");
        let session = self.services.sign_ins().begin_first(&caller, user).await;
        client.with_token(session.unwrap().access_token.expose_secret())
    }

    async fn caller(&self, kind: &str) -> Client {
        match kind {
            "nobody" => self.owner.anonymous(),
            "ended" => self.owner.with_token(&self.ended),
            "disabled" => self.disabled.clone(),
            "stranger" => self.signed_in(&self.stranger).await,
            "admin" => self.signed_in(&self.app.client).await,
            "read" => self.owner.with_token(&self.read),
            "write" => self.owner.with_token(&self.write),
            "owner" => self.signed_in(&self.owner).await,
            _ => panic!("nobody is called {kind}"),
        }
    }

    /// An account that an admin has just made.
    async fn somebodys_account(&self) -> Uuid {
        let admin = self.signed_in(&self.app.client).await;
        let handle = Uuid::new_v4().simple().to_string();
        let email = format!("{handle}@vault.test");
        let new = json!({ "handle": handle, "email": email });
        let made = admin.send(POST, "/api/admin/users", new).await;
        let made: wire::CreatedUser = made.json().await.unwrap();
        made.user.id
    }

    /// Something of the owner's, of the kind that the act is about.
    async fn thing(&self, act: &str) -> Uuid {
        let owner = self.signed_in(&self.owner).await;
        if act.contains("admin") {
            self.somebodys_account().await
        } else if act.contains("filing-batches") {
            let document = owner.upload("a.txt", "A letter.").await.id;
            let batch = json!({ "documents": [document] });
            let made = owner.send(POST, "/api/filing-batches/topics", batch).await;
            let made: wire::FilingBatch = made.json().await.unwrap();
            made.id
        } else if act.contains("document") {
            owner.upload("a.txt", "A letter.").await.id
        } else if act.contains("topics") {
            owner.create_topic(&Uuid::new_v4().to_string(), "").await.id
        } else if act.contains("passkeys") {
            let inserted = self.app.database.texts(INSERT_PASSKEY).await;
            inserted[0].parse().unwrap()
        } else if act.contains("session") {
            let list: Value = owner
                .get("/api/account/sessions")
                .await
                .json()
                .await
                .unwrap();
            list["sessions"][0]["id"].as_str().unwrap().parse().unwrap()
        } else {
            let new = json!({ "name": Uuid::new_v4(), "scope": "read" });
            let made = owner.send(POST, "/api/account/tokens", new).await;
            let made: wire::CreatedApiToken = made.json().await.unwrap();
            made.described.id
        }
    }
}

/// Told by the token's claims, since the session may have ended.
fn user_of(app: &TestApp, client: &Client) -> UserId {
    let now = Clock::system().now();
    let claims = access_tokens(app).verify(client.token.as_ref().unwrap(), now);
    UserId(claims.unwrap().user)
}

fn access_tokens(app: &TestApp) -> auth::AccessTokens {
    let secret = app.environment["SECRET_KEY"].clone().into();
    let issuer = format!("{}/", app.client.base);
    auth::AccessTokens::new(&secret, None, issuer).unwrap()
}

/// A token of the owner's session, as it was made an hour ago.
async fn ended(app: &TestApp, owner: &Client) -> String {
    let account: wire::Account = owner.get("/api/account").await.json().await.unwrap();
    let list: Value = owner
        .get("/api/account/sessions")
        .await
        .json()
        .await
        .unwrap();
    let session = list["sessions"][0]["id"].as_str().unwrap().parse().unwrap();
    let long_ago = Clock::system().now() - Duration::hours(1);
    let issued = access_tokens(app).issue(session, account.id, long_ago);
    issued.unwrap().0
}

fn request(client: &Client, row: &Row, id: Uuid) -> RequestBuilder {
    let filled = |text: &str| {
        text.replace("{id}", &id.to_string())
            .replace("{new}", &Uuid::new_v4().to_string())
            .replace("{handle}", &Uuid::new_v4().simple().to_string())
    };
    let (method, path) = row.act.split_once(' ').unwrap();
    let path = filled(path);
    let request = match method {
        "FN" => client.request(POST, &format!("/_fn/{path}")),
        // As a browser asks for a page.
        "PAGE" => client
            .request(Method::GET, &path)
            .header("accept", "text/html"),
        method => client.request(method.parse().unwrap(), &path),
    };
    match row.body {
        "file" => request.multipart(form("a.txt", "text")),
        body if body.starts_with('{') => request
            .header("content-type", "application/json")
            .body(filled(body)),
        "-" if method == "FN" => {
            request.header("content-type", "application/x-www-form-urlencoded")
        }
        "-" => request,
        body => request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(filled(body)),
    }
}

/// So many rows that nobody in them tries a password too often.
const ROWS_TO_A_VAULT: usize = 40;

async fn act_as(kinds: &[&str]) {
    let mut wrong = Vec::new();
    for rows in rows().chunks(ROWS_TO_A_VAULT) {
        wrong.extend(act_in_a_vault(rows, kinds).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn act_in_a_vault(rows: &[Row], kinds: &[&str]) -> Vec<String> {
    let cast = Cast::new().await;
    let mut wrong = Vec::new();
    for row in rows {
        for (kind, expected) in CALLERS.iter().zip(row.answers) {
            if !kinds.contains(kind) {
                continue;
            }
            let id = match row.act.contains("{id}") || row.body.contains("{id}") {
                true => cast.thing(&row.act).await,
                false => Uuid::nil(),
            };
            let client = cast.caller(kind).await;
            let answer = request(&client, row, id).send().await.unwrap();
            if answer.status().as_u16() != expected {
                wrong.push(format!(
                    "{} as {kind}: {} instead of {expected}",
                    row.act,
                    answer.status()
                ));
            }
        }
    }
    wrong
}

#[tokio::test]
async fn who_is_nobody_gets_what_the_table_says() {
    act_as(&["nobody", "ended", "disabled"]).await;
}

#[tokio::test]
async fn others_get_what_the_table_says() {
    act_as(&["stranger", "admin"]).await;
}

#[tokio::test]
async fn the_owner_gets_what_the_table_says() {
    act_as(&["read", "write", "owner"]).await;
}

/// A stranger's refused call changes nothing: the owner still has it all.
#[tokio::test]
async fn what_was_refused_was_not_done() {
    let cast = Cast::new().await;
    let document = cast.owner.upload("a.txt", "A letter.").await;
    for kind in ["nobody", "disabled", "stranger", "admin", "read"] {
        let client = cast.caller(kind).await;
        let path = format!("/api/documents/{}", document.id);
        client.request(DELETE, &path).send().await.unwrap();
        assert_eq!(cast.owner.document(document.id).await.id, document.id);
    }
}

#[test]
fn every_policy_is_one() {
    let known: BTreeSet<String> = domain::policy::Action::ALL
        .iter()
        .map(|action| format!("{action:?}"))
        .collect();
    for row in rows() {
        assert!(
            row.policy == "open" || known.contains(row.policy),
            "{}: {}",
            row.act,
            row.policy
        );
    }
}
