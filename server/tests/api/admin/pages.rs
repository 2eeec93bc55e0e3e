//! The pages for admins, as a browser without scripts posts and gets them.

use super::{id_of, seen};
use reqwest::Response;
use testkit::{Client, POST, TestApp};
use uuid::Uuid;

async fn post(client: &Client, function: &str, form: &str) -> Response {
    let page = format!("{}/admin/users", client.base);
    client
        .request(POST, &format!("/_fn/{function}"))
        .header("accept", "text/html")
        .header("referer", page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .send()
        .await
        .unwrap()
}

fn leads_to(answer: &Response) -> &str {
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap()
}

/// The page that a form led to, with the cookie that came along.
async fn followed(client: &Client, answer: &Response) -> (String, String) {
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = client
        .request(reqwest::Method::GET, leads_to(answer))
        .header("accept", "text/html")
        .header("cookie", cookie)
        .send()
        .await
        .unwrap();
    let forgets = page.headers()["set-cookie"].to_str().unwrap().to_owned();
    (page.text().await.unwrap(), forgets)
}

#[tokio::test]
async fn a_link_is_shown_once_and_never_in_an_address() {
    let app = TestApp::start().await;
    let form = "handle=ada&email=ada%40vault.test&role=user";
    let answer = post(&app.client, "admin/create", form).await;
    assert!(!leads_to(&answer).contains("token"), "{answer:?}");
    let (page, forgets) = followed(&app.client, &answer).await;
    assert!(page.contains("/reset-password?token="), "{page}");
    assert!(forgets.contains("Max-Age=0"), "{forgets}");
    let answer = post(&app.client, "admin/invite", "role=user&email=").await;
    let (page, _) = followed(&app.client, &answer).await;
    assert!(page.contains("/register?token="), "{page}");
}

/// The form of an account: role, state, room and unit as they were shown, and as they are wanted.
fn account(id: Uuid, shown: [&str; 4], wanted: [&str; 4]) -> String {
    let mut form = format!("id={id}");
    for (values, values_of) in [(shown, "shown"), (wanted, "wanted")] {
        for (field, value) in ["role", "is_active", "room", "unit"].iter().zip(values) {
            form.push_str(&format!("&{values_of}[{field}]={value}"));
        }
    }
    form
}

#[tokio::test]
async fn the_forms_change_what_they_show() {
    let app = TestApp::start().await;
    let id = id_of(&app.person("ada").await).await;
    let form = account(
        id,
        ["user", "true", "1", "GB"],
        ["admin", "true", "1.5", "GB"],
    );
    let answer = post(&app.client, "admin/update", &form).await;
    assert_eq!(leads_to(&answer), format!("/admin/users/{id}?done=saved"));
    let form = format!(
        "id={id}&wanted[provider]=openai&wanted[model]=small&wanted[monthly_tokens]=20%2C000"
    );
    post(&app.client, "admin/update_filing", &form).await;
    let user = seen(&app, id).await;
    assert_eq!(
        (user.role.as_str(), user.limit_bytes),
        ("admin", 1_500_000_000)
    );
    assert_eq!(user.ai_provider.as_deref(), Some("openai"));
    assert_eq!(user.ai_monthly_tokens, Some(20_000));
    let page = app.client.get(&format!("/admin/users/{id}")).await;
    let page = page.text().await.unwrap();
    for part in ["value=\"1.5\"", "value=\"20,000\"", "value=\"small\""] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    // Empty fields take away.
    let form = format!(
        "id={id}&shown[provider]=openai&shown[model]=small&shown[monthly_tokens]=20%2C000\
         &wanted[provider]=&wanted[model]=&wanted[monthly_tokens]="
    );
    post(&app.client, "admin/update_filing", &form).await;
    let user = seen(&app, id).await;
    assert_eq!((user.ai_provider, user.ai_monthly_tokens), (None, None));
}

#[tokio::test]
async fn a_page_that_was_opened_long_ago_takes_nothing_back() {
    let app = TestApp::start().await;
    let id = id_of(&app.person("ada").await).await;
    let shown = ["user", "true", "100", "MB"];
    let newer = account(id, shown, ["admin", "true", "2", "GB"]);
    post(&app.client, "admin/update", &newer).await;
    let older = account(id, shown, ["user", "true", "3", "GB"]);
    post(&app.client, "admin/update", &older).await;
    let user = seen(&app, id).await;
    assert_eq!(
        (user.role.as_str(), user.limit_bytes),
        ("admin", 3_000_000_000)
    );
}

#[tokio::test]
async fn an_account_is_deleted_by_its_handle_alone() {
    let app = TestApp::start().await;
    let id = id_of(&app.person("ada").await).await;
    let wrong = post(&app.client, "admin/delete", &format!("id={id}&handle=eve")).await;
    assert!(leads_to(&wrong).contains("__err="), "{wrong:?}");
    assert_eq!(seen(&app, id).await.handle, "ada");
    let right = post(&app.client, "admin/delete", &format!("id={id}&handle=ada")).await;
    assert_eq!(leads_to(&right), "/admin/users?done=deleted");
    let gone = app.client.get(&format!("/admin/users/{id}")).await;
    assert_eq!(gone.status(), 404);
}

#[tokio::test]
async fn the_way_there_is_shown_to_admins_alone() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let rail = "href=\"/admin/users\"";
    let page = async |client: &Client| client.get("/documents").await.text().await.unwrap();
    assert!(page(&app.client).await.contains(rail));
    assert!(!page(&ada).await.contains(rail));
    assert_eq!(ada.get("/admin/users").await.status(), 403);
    let nobody = format!("/admin/users/{}", Uuid::new_v4());
    assert_eq!(app.client.get(&nobody).await.status(), 404);
    assert_eq!(app.client.get("/admin/users/ada").await.status(), 404);
}
