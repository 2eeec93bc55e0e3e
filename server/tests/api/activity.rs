//! `GET /api/activity` and `GET /api/admin/activity`

use crate::support::problem;
use reqwest::Method;
use std::collections::BTreeSet;
use testkit::{Client, DELETE, TestApp};
use wire::{Activity, ActivityEntry};

async fn activity(client: &Client, path: &str) -> Activity {
    let answer = client.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

fn events(activity: &Activity) -> Vec<&str> {
    activity
        .entries
        .iter()
        .map(|entry| entry.event.as_str())
        .collect()
}

fn handle(person: Option<&wire::Person>) -> Option<&str> {
    person?.handle.as_deref()
}

#[tokio::test]
async fn one_sees_what_one_did_newest_first_and_from_where() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let letter = ada.upload("letter.pdf.txt", "A letter.").await;
    let gone = ada.upload("gone.txt", "Another.").await;
    ada.request(DELETE, &format!("/api/documents/{}", gone.id))
        .header("user-agent", "Letters/1.0")
        .send()
        .await
        .unwrap();
    let seen = activity(&ada, "/api/activity").await;
    let newest: Vec<&str> = events(&seen).into_iter().take(3).collect();
    assert_eq!(
        newest,
        ["document.deleted", "document.created", "document.created"]
    );
    assert!(
        seen.entries
            .is_sorted_by_key(|entry| std::cmp::Reverse(entry.created_at))
    );
    assert_eq!(seen.next_cursor, None);
    let [deleted, _, created, ..] = seen.entries.as_slice() else {
        panic!()
    };
    assert_eq!(deleted.device.as_deref(), Some("Letters/1.0"));
    assert_eq!(deleted.address.as_deref(), Some("127.0.0.1"));
    assert_eq!(
        (&deleted.document, deleted.resource_id),
        (&None, Some(gone.id))
    );
    let document = created.document.as_ref().unwrap();
    assert_eq!(
        (document.id, document.name.as_str()),
        (letter.id, "letter.pdf.txt")
    );
    assert_eq!(handle(created.actor.as_ref()), Some("ada"));
    for entry in &seen.entries {
        assert_eq!(handle(entry.subject.as_ref()), Some("ada"), "{entry:?}");
    }
}

#[tokio::test]
async fn nobody_sees_what_others_did() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    ada.upload("secret.txt", "A letter.").await;
    for other in [app.person("eve").await, app.client.clone()] {
        let seen = activity(&other, "/api/activity").await;
        assert!(!events(&seen).contains(&"document.created"), "{seen:?}");
    }
}

/// Page by page, every entry comes once, also when others are written meanwhile.
#[tokio::test]
async fn pages_go_on_where_the_last_one_ended() {
    let app = TestApp::start().await;
    for n in 0..7 {
        app.client.create_topic(&format!("Topic {n}"), "").await;
    }
    let before = activity(&app.client, "/api/activity?kind=topic&per_page=100").await;
    let mut paged: Vec<ActivityEntry> = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/activity?kind=topic&per_page=3&cursor={cursor}");
        let page = activity(&app.client, &path).await;
        assert!(page.entries.len() <= 3);
        paged.extend(page.entries);
        app.client
            .create_topic(&format!("Later {}", paged.len()), "")
            .await;
        match page.next_cursor {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(paged, before.entries);
    assert_eq!(paged.len(), 7);
}

#[tokio::test]
async fn a_kind_is_all_that_is_shown_when_it_is_asked_for() {
    let app = TestApp::start().await;
    app.client.create_topic("Tax", "").await;
    app.client.upload("a.txt", "A letter.").await;
    for (kind, expected) in [
        ("topic", BTreeSet::from(["topic.created"])),
        ("document", BTreeSet::from(["document.created"])),
        ("passkey", BTreeSet::new()),
    ] {
        for path in ["/api/activity", "/api/admin/activity"] {
            let seen = activity(&app.client, &format!("{path}?kind={kind}")).await;
            let seen: BTreeSet<&str> = events(&seen).into_iter().collect();
            assert_eq!(seen, expected, "{path} {kind}");
        }
    }
    for query in [
        "kind=topics",
        "cursor=x",
        "cursor=0",
        "per_page=0",
        "per_page=101",
    ] {
        for path in ["/api/activity", "/api/admin/activity"] {
            problem(app.client.get(&format!("{path}?{query}")).await, 422).await;
        }
    }
}

#[tokio::test]
async fn an_admin_sees_who_did_what_but_no_names_of_documents() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let letter = ada.upload("very-private.txt", "A letter.").await;
    app.client.create_topic("Tax", "").await;
    let everybody = activity(&app.client, "/api/admin/activity").await;
    let whose: BTreeSet<Option<&str>> = everybody
        .entries
        .iter()
        .map(|entry| handle(entry.subject.as_ref()))
        .collect();
    assert!(
        whose.contains(&Some("ada")) && whose.contains(&Some("admin")),
        "{whose:?}"
    );
    let of_ada = activity(&app.client, "/api/admin/activity?person=Ada").await;
    assert!(!of_ada.entries.is_empty());
    for entry in &of_ada.entries {
        assert_eq!(handle(entry.subject.as_ref()), Some("ada"));
        assert_eq!(entry.document, None);
    }
    assert_eq!(of_ada.entries[0].resource_id, Some(letter.id));
    let text = serde_json::to_string(&everybody).unwrap();
    assert!(!text.contains("very-private"), "{text}");
    let id = of_ada.entries[0].subject.as_ref().unwrap().id;
    let by_id = activity(&app.client, &format!("/api/admin/activity?person={id}")).await;
    assert_eq!(by_id, of_ada);
    for nobody in ["nobody", "%00", "a%27b"] {
        let answer = app
            .client
            .get(&format!("/api/admin/activity?person={nobody}"))
            .await;
        assert_eq!(problem(answer, 422).await.errors[0].loc[1], "person");
    }
}

/// An account's page by page is the whole of its log.
#[tokio::test]
async fn pages_of_a_person_go_on_too() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for n in 0..5 {
        ada.create_topic(&format!("Topic {n}"), "").await;
        app.client.create_topic(&format!("Topic {n}"), "").await;
    }
    for person in ["ada", ""] {
        let whole = activity(
            &app.client,
            &format!("/api/admin/activity?person={person}&kind=topic"),
        )
        .await;
        let mut paged = Vec::new();
        let mut cursor = String::new();
        while let Some(page) = Some(
            activity(
                &app.client,
                &format!(
                    "/api/admin/activity?person={person}&kind=topic&per_page=2&cursor={cursor}"
                ),
            )
            .await,
        ) {
            paged.extend(page.entries);
            let Some(next) = page.next_cursor else { break };
            cursor = next;
        }
        assert_eq!(paged, whole.entries, "{person}");
        assert_eq!(paged.len(), if person.is_empty() { 10 } else { 5 });
    }
}

/// What an admin does to somebody's things stands in that person's log.
#[tokio::test]
async fn what_is_done_to_an_account_is_seen_by_its_owner() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let me: wire::Account = ada.get("/api/account").await.json().await.unwrap();
    let patch = serde_json::json!({ "limit_bytes": 5_000_000 });
    let done = app
        .client
        .send(Method::PATCH, &format!("/api/admin/users/{}", me.id), patch)
        .await;
    assert_eq!(done.status(), 200);
    let seen = activity(&ada, "/api/activity?kind=account").await;
    assert_eq!(seen.entries[0].event, "account.administered");
    let entry = &seen.entries[0];
    assert_eq!(handle(entry.actor.as_ref()), Some("admin"));
    let from = (&entry.address, &entry.device, &entry.request_id);
    assert_eq!(from, (&None, &None, &None), "where the admin was is theirs");
}
