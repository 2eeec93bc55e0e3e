//! A browser keeps its tokens in cookies, and needs no script to stay signed in.

use crate::support::{closed_port, form as form_with_a_file, problem};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use serde_json::Value;
use testkit::{Client, PASSWORD, POST, TestApp};

/// The cookies that an answer sets, as the browser sends them back.
pub(super) fn cookies(answer: &Response) -> String {
    let set: Vec<&str> = answer
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    assert!(set.len() >= 2, "{set:?}");
    for cookie in &set {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for wanted in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(wanted), "{wanted} is missing in {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let pairs: Vec<&str> = set
        .iter()
        .map(|cookie| cookie.split(';').next().unwrap())
        .collect();
    pairs.join("; ")
}

pub(super) fn form(client: &Client, function: &str, body: &str) -> RequestBuilder {
    client
        .anonymous()
        .request(POST, &format!("/_fn/{function}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .body(body.to_owned())
}

pub(super) async fn log_in(app: &TestApp, next: &str) -> Response {
    let password = PASSWORD.replace(' ', "+");
    let body = format!("login=admin&password={password}&next={next}");
    form(&app.client, "accounts/log_in", &body)
        .send()
        .await
        .unwrap()
}

pub(super) async fn page(app: &TestApp, path: &str, cookies: &str) -> Response {
    app.client
        .anonymous()
        .request(Method::GET, path)
        .header("accept", "text/html")
        .header("cookie", cookies)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_form_signs_in_and_leads_where_one_wanted_to_go() {
    let app = TestApp::start().await;
    let asked = page(&app, "/topics?page=2", "").await;
    assert_eq!(asked.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        asked.headers()["location"],
        "/login?next=%2Ftopics%3Fpage%3D2"
    );
    let answer = log_in(&app, "%2Ftopics%3Fpage%3D2").await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert_eq!(answer.headers()["location"], "/topics?page=2");
    let cookies = cookies(&answer);
    assert_eq!(
        page(&app, "/topics", &cookies).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let app = TestApp::start().await;
    for next in [
        "https%3A%2F%2Fevil.test",
        "%2F%2Fevil.test",
        "%2F%5Cevil.test",
        "javascript%3A1",
    ] {
        let answer = log_in(&app, next).await;
        assert_eq!(answer.headers()["location"], "/documents", "{next}");
    }
}

#[tokio::test]
async fn a_refused_form_says_why_keeps_the_handle_and_gives_no_password_away() {
    let app = TestApp::start().await;
    let answer = form(
        &app.client,
        "accounts/log_in",
        "login=admin&password=my+secret+guess",
    )
    .header("referer", format!("{}/login", app.client.base))
    .send()
    .await
    .unwrap();
    let set: Vec<_> = answer
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .collect();
    let [typed] = set.as_slice() else {
        panic!("{set:?}")
    };
    let typed = typed.to_str().unwrap();
    assert!(
        typed.starts_with("__Host-docuvault-typed=admin&;"),
        "{typed}"
    );
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(
        location.contains("/login") && location.contains("__err="),
        "{location}"
    );
    assert!(!location.contains("secret"), "{location}");
}

#[tokio::test]
async fn a_session_goes_on_when_the_access_token_is_gone() {
    let app = TestApp::start().await;
    let both = cookies(&log_in(&app, "").await);
    let refresh = both
        .split("; ")
        .find(|pair| pair.contains("refresh"))
        .unwrap();
    let answer = page(&app, "/documents", refresh).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let next = cookies(&answer);
    assert_ne!(next, both);
    assert_eq!(
        page(&app, "/documents", &next).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_upload_leaves_the_refresh_token_to_what_comes_meanwhile() {
    let app = TestApp::start().await;
    let both = cookies(&log_in(&app, "").await);
    let mut pairs = both.split("; ");
    let refresh = pairs.find(|pair| pair.contains("refresh")).unwrap();
    let upload = app
        .client
        .anonymous()
        .request(POST, "/api/documents/upload")
        .header("cookie", refresh)
        .multipart(form_with_a_file("a.txt", "A letter."))
        .send()
        .await
        .unwrap();
    assert_eq!(upload.status(), StatusCode::OK);
    assert_eq!(upload.headers().get(header::SET_COOKIE), None);
    let unused = "SELECT count(*) FROM refresh_tokens WHERE used_at IS NOT NULL";
    assert_eq!(app.database.number(unused).await, 0);
    let next = page(&app, "/documents", refresh).await;
    assert_eq!(next.status(), StatusCode::OK);
    cookies(&next);

    // Long after it was exchanged it is a copy, for uploads too.
    app.database
        .execute("UPDATE refresh_tokens SET used_at = used_at - interval '1 minute'")
        .await;
    let late = app
        .client
        .anonymous()
        .request(POST, "/api/documents/upload")
        .header("cookie", refresh)
        .multipart(form_with_a_file("b.txt", "Another letter."))
        .send()
        .await
        .unwrap();
    problem(late, 401).await;
}

#[tokio::test]
async fn cookies_that_are_no_longer_good_are_taken_away() {
    let app = TestApp::start().await;
    let both = cookies(&log_in(&app, "").await);
    app.database
        .execute("UPDATE sessions SET revoked_at = now()")
        .await;
    let answer = page(&app, "/documents", &both).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let taken = cookies(&answer);
    assert!(taken.split("; ").all(|pair| pair.ends_with('=')), "{taken}");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookies_away() {
    let app = TestApp::start().await;
    let both = cookies(&log_in(&app, "").await);
    let answer = form(&app.client, "accounts/log_out", "")
        .header("cookie", &both)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["location"], "/login");
    assert!(cookies(&answer).split("; ").all(|pair| pair.ends_with('=')));
    assert_eq!(
        page(&app, "/documents", &both).await.status(),
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn another_site_can_not_use_the_cookies_to_change_anything() {
    let app = TestApp::start().await;
    let both = cookies(&log_in(&app, "").await);
    for (path, kind) in [
        ("/_fn/topics/create", "application/x-www-form-urlencoded"),
        ("/api/topics", "application/json"),
        ("/_fn/accounts/log_out", "application/x-www-form-urlencoded"),
    ] {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.test"),
        ] {
            let answer = app
                .client
                .anonymous()
                .request(POST, path)
                .header("content-type", kind)
                .header("cookie", &both)
                .header(name, value)
                .body(r#"{"name":"x"}"#)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} {name}");
        }
    }
    let topics: Value = app.client.get("/api/topics").await.json().await.unwrap();
    assert_eq!(topics["topics"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn while_the_database_is_away_people_get_a_page_and_programs_a_problem() {
    let mut app = TestApp::start().await;
    let cookies = cookies(&log_in(&app, "").await);
    let away = closed_port().await;
    let mut broken = app.environment.clone();
    let url = format!("postgres://someone:hidden-word@{away}/docuvault");
    broken.insert("DATABASE_URL".to_owned(), url);
    let second = app.second_server(broken).await;
    let ask = async |path: &str| {
        let request = second.request(Method::GET, path);
        request.header("cookie", &cookies).send().await.unwrap()
    };
    let page = ask("/documents").await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers()["cache-control"], "no-store");
    assert!(page.headers().contains_key("retry-after"));
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'self'"), "{policy}");
    let html = page.text().await.unwrap();
    for part in ["Try again", "main id=\"main\"", "rel=\"stylesheet\""] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    for hidden in ["hidden-word", &away, "postgres"] {
        assert!(!html.contains(hidden), "{hidden} is in {html}");
    }
    assert_eq!(
        problem(ask("/api/documents").await, 503).await.code,
        "unavailable"
    );
}

/// Anybody may write an address: what it says must not look as if the vault had said it.
#[tokio::test]
async fn an_error_in_an_address_is_shown_only_where_our_own_page_led() {
    let app = TestApp::start().await;
    let failed = form(
        &app.client,
        "accounts/log_in",
        "login=admin&password=wrong&next=",
    );
    let page = format!("{}/login?next=%2Ftopics", app.client.base);
    let failed = failed.header("referer", page).send().await.unwrap();
    let address = failed.headers()["location"].to_str().unwrap();
    let path = address.strip_prefix(&app.client.base).unwrap_or(address);
    assert!(path.contains("__err="), "{path}");
    let host = app.client.base.strip_prefix("http://").unwrap();
    let ours = format!("{}/login", app.client.base);
    let opened = async |name: &str, value: &str| {
        let request = app.client.anonymous().request(Method::GET, path);
        let request = request.header("accept", "text/html").header("host", host);
        request.header(name, value).send().await.unwrap()
    };
    for (name, value) in [
        ("sec-fetch-site", "same-origin"),
        ("referer", ours.as_str()),
    ] {
        let shown = opened(name, value).await;
        assert_eq!(shown.status(), StatusCode::OK, "{name}: {value}");
        let shown = shown.text().await.unwrap();
        assert!(shown.contains("data-testid=\"flash-error\""), "{shown}");
    }
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "none"),
        ("referer", "http://evil.example/login"),
        ("referer", "nonsense"),
        ("dnt", "1"),
    ] {
        let led = opened(name, value).await;
        assert_eq!(led.status(), StatusCode::SEE_OTHER, "{name}: {value}");
        assert_eq!(led.headers()["location"], "/login?next=%2Ftopics");
    }
}
