//! The API's description: whole, true, and changed only on purpose.

use serde_json::Value;
use testkit::TestApp;

/// The calls that an existing Vue app makes. None may go.
const PROMISED: [(&str, &str); 13] = [
    ("/api/documents/upload", "post"),
    ("/api/documents", "get"),
    ("/api/documents/{id}", "get"),
    ("/api/documents/{id}", "delete"),
    ("/api/documents/{id}/classify", "post"),
    ("/api/topics", "get"),
    ("/api/topics", "post"),
    ("/api/topics/{id}", "patch"),
    ("/api/topics/{id}", "delete"),
    ("/api/settings", "get"),
    ("/api/settings", "patch"),
    ("/api/settings/test", "post"),
    ("/health", "get"),
];

fn document() -> Value {
    serde_json::to_value(server::openapi::document()).unwrap()
}

#[test]
fn every_promised_call_is_described() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for (path, method) in PROMISED {
        assert!(
            document["paths"][path][method].is_object(),
            "{method} {path} is gone"
        );
    }
}

/// A change of the API shows here. To accept it: `INSTA_UPDATE=always`, and read the difference.
#[test]
fn the_description_is_as_reviewed() {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_json_snapshot!("openapi", document());
    });
}

#[tokio::test]
async fn it_is_served_with_a_page_to_browse_it() {
    let app = TestApp::start().await;
    let served: Value = app
        .client
        .get("/api/openapi.json")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(served, document());
    let page = app.client.get("/api/docs/").await;
    assert_eq!(page.status(), 200);
    assert!(
        page.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    assert!(page.text().await.unwrap().contains("swagger-ui"));
    let script = app.client.get("/api/docs/swagger-ui-bundle.js").await;
    assert_eq!(script.status(), 200);
    let short = app.client.get("/api/docs").await;
    assert!(
        short.status().is_redirection() || short.status().is_success(),
        "{}",
        short.status()
    );
}
