//! The table `authorisation.txt` names every route and every server function, and is true.

use crate::support::form;
use domain::{
    Caller, DocumentId, Error, Kind, TopicId, UserId, Who,
    policy::{Action, authorise},
};
use reqwest::Method;
use services::{Services, Wait};
use settings::{Env, ServerSettings};
use std::collections::BTreeSet;
use testkit::TestApp;
use uuid::Uuid;

const TABLE: &str = include_str!("../authorisation.txt");

/// Routes that no list names: they serve the description of the others.
const UNLISTED: [&str; 2] = ["GET /api/openapi.json", "GET /api/docs/"];

struct Row {
    act: String,
    policy: &'static str,
    /// Anonymous, implicit, user, admin, system.
    allowed: [bool; 5],
    answer: u16,
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
    let [
        method,
        path,
        policy,
        anonymous,
        implicit,
        user,
        admin,
        system,
        answer,
        body,
    ] = cells[..]
    else {
        panic!("not ten cells: {line}")
    };
    let allowed = [anonymous, implicit, user, admin, system].map(|cell| match cell {
        "yes" => true,
        "no" => false,
        _ => panic!("neither yes nor no: {line}"),
    });
    Row {
        act: format!("{method} {path}"),
        policy,
        allowed,
        answer: answer.parse().unwrap(),
        body,
    }
}

/// One of each kind, in the order of the table's columns.
fn callers() -> [Caller; 5] {
    let user = |admin| Who::User {
        id: UserId(Uuid::new_v4()),
        admin,
    };
    [
        Who::Anonymous,
        Who::Implicit,
        user(false),
        user(true),
        Who::System,
    ]
    .map(|who| Caller {
        who,
        request_id: "a test".to_owned(),
    })
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
    let named: BTreeSet<String> = rows().into_iter().map(|row| row.act).collect();
    assert_eq!(named.len(), rows().len(), "a row stands there twice");
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

#[test]
fn every_row_says_what_the_policy_says() {
    for row in rows() {
        for (caller, allowed) in callers().iter().zip(row.allowed) {
            let says = match Action::ALL
                .into_iter()
                .find(|action| format!("{action:?}") == row.policy)
            {
                Some(action) => authorise(caller, action).is_ok(),
                None => row.policy == "open",
            };
            assert_eq!(says, allowed, "{} for {:?}", row.act, caller.who);
        }
    }
}

#[tokio::test]
async fn the_implicit_caller_gets_what_the_table_says() {
    let app = TestApp::start().await;
    let nobodys = Uuid::new_v4().to_string();
    for row in rows() {
        let (method, path) = row.act.split_once(' ').unwrap();
        let (method, path) = match method {
            "FN" => (Method::POST, format!("/_fn/{path}")),
            "PAGE" => (Method::GET, path.to_owned()),
            method => (method.parse().unwrap(), path.to_owned()),
        };
        let request = app.client.request(method, &path.replace("{id}", &nobodys));
        // As a browser asks for a page.
        let request = if row.act.starts_with("PAGE") {
            request.header("accept", "text/html")
        } else {
            request
        };
        let request = match row.body {
            "-" if row.act.starts_with("FN") => {
                request.header("content-type", "application/x-www-form-urlencoded")
            }
            "-" => request,
            "file" => request.multipart(form("a.txt", "text")),
            body if body.starts_with('{') => request
                .header("content-type", "application/json")
                .body(body),
            body => request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body.replace("{id}", &nobodys)),
        };
        let status = request.send().await.unwrap().status().as_u16();
        assert_eq!(status, row.answer, "{}", row.act);
    }
}

/// What a handler of the JSON API calls; server functions call the same.
async fn call(services: &Services, caller: &Caller, act: &str) -> Result<(), Error> {
    let (document, topic) = (DocumentId(Uuid::nil()), TopicId(Uuid::nil()));
    let (documents, topics, filing) = (
        services.documents(),
        services.topics(),
        services.filing_settings(),
    );
    match act {
        "GET /api/documents" => documents
            .list(caller, &wire::DocumentQuery::default())
            .await
            .map(drop),
        "POST /api/documents/upload" => {
            let nothing = futures::stream::empty::<Result<axum::body::Bytes, std::io::Error>>();
            services
                .uploads()
                .from_form(caller, multer::Multipart::new(nothing, "b"), None)
                .await
                .map(drop)
        }
        "GET /api/documents/{id}" => documents.get(caller, document).await.map(drop),
        "DELETE /api/documents/{id}" => documents.delete(caller, document).await,
        "POST /api/documents/{id}/classify" => documents
            .classify(
                caller,
                document,
                &wire::ClassifyRequest::default(),
                Wait::No,
            )
            .await
            .map(drop),
        "PUT /api/documents/{id}/topics" => documents
            .set_topics(caller, document, &wire::SetTopics::default())
            .await
            .map(drop),
        "POST /api/documents/{id}/retry" => documents.retry(caller, document).await.map(drop),
        "GET /api/documents/{id}/content" => documents.content(caller, document).await.map(drop),
        "GET /api/documents/{id}/thumbnail" => {
            documents.thumbnail(caller, document).await.map(drop)
        }
        "GET /api/topics" => topics.list(caller).await.map(drop),
        "POST /api/topics" => {
            let new = wire::NewTopic {
                name: "x".to_owned(),
                description: String::new(),
                color: "#000000".to_owned(),
            };
            topics.create(caller, &new).await.map(drop)
        }
        "PATCH /api/topics/{id}" => topics
            .update(caller, topic, &wire::TopicPatch::default())
            .await
            .map(drop),
        "DELETE /api/topics/{id}" => topics.delete(caller, topic).await,
        "GET /api/settings" => filing.get(caller).await.map(drop),
        "PATCH /api/settings" => filing
            .update(caller, &wire::SettingsPatch::default())
            .await
            .map(drop),
        "POST /api/settings/test" => filing
            .test(caller, &wire::TestRequest::default())
            .await
            .map(drop),
        "GET /api/events" => services.events(caller).map(drop),
        _ => panic!("say here what {act} calls"),
    }
}

fn services_of(app: &TestApp) -> Services {
    let environment = app.environment.clone();
    let settings =
        ServerSettings::from_env(&Env::new(move |name| environment.get(name).cloned())).unwrap();
    let sources = wiring::Sources {
        database_url: &settings.database_url,
        max_connections: 2,
        store: &settings.store,
        redis: &settings.redis,
        secrets: &settings.secrets,
        filing: &settings.filing,
        max_upload_bytes: settings.http.max_upload_bytes,
    };
    wiring::build(&sources).unwrap().services
}

/// Until there are accounts no request can come from anybody but the implicit caller: the services
/// themselves are asked as the others.
#[tokio::test]
async fn every_service_refuses_whom_the_table_refuses() {
    let app = TestApp::start().await;
    let services = services_of(&app);
    for row in rows()
        .iter()
        .filter(|row| row.act.contains(" /api/") && row.policy != "open")
    {
        for (caller, allowed) in callers().iter().zip(row.allowed) {
            let answer = call(&services, caller, &row.act).await;
            let refused = answer.is_err_and(|error| error.kind == Kind::Forbidden);
            assert_eq!(refused, !allowed, "{} as {:?}", row.act, caller.who);
        }
    }
}
