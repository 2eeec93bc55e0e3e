//! `--check-config`: everything that is wrong in one go, and what to do.

use crate::support::closed_port;
use std::collections::BTreeMap;
use testkit::{TestApp, run};

type Environment = BTreeMap<String, String>;

async fn check(binary: &str, environment: &Environment) -> (Option<i32>, String) {
    run(binary, &["--check-config"], environment).await
}

fn with(environment: &Environment, other: &[(&str, String)]) -> Environment {
    let mut environment = environment.clone();
    for (name, value) in other {
        environment.insert((*name).to_owned(), value.clone());
    }
    environment
}

#[tokio::test]
async fn a_vault_that_could_work_is_told_so() {
    let app = TestApp::start().await;
    for binary in ["server", "worker"] {
        let (code, said) = check(binary, &app.environment).await;
        assert_eq!(code, Some(0), "{said}");
        for line in [
            "ok      settings",
            "ok      PostgreSQL",
            "ok      Redis",
            "ok      object store",
            "left    mail server",
        ] {
            assert!(said.contains(line), "{binary}: {said}");
        }
        let of_files = said.contains("sandbox") && said.contains("temporary files");
        assert_eq!(of_files, binary == "worker", "{binary}: {said}");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_no_secret() {
    let environment = Environment::from(
        [
            ("DATABASE_URL", "mysql://recognisable:recognisable@host/db"),
            ("REDIS_URL", "recognisable"),
            ("SECRET_KEY", "recognisable"),
            ("LISTEN", "everywhere"),
            ("TRUSTED_PROXIES", "nowhere"),
            ("REGISTRATION", "perhaps"),
            ("WORKER_CONCURRENCY", "many"),
            ("MINIO_SECRET_KEY", "recognisable two"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let (code, server) = check("server", &environment).await;
    assert_eq!(code, Some(1));
    let (code, worker) = check("worker", &environment).await;
    assert_eq!(code, Some(1));
    for (said, own, not) in [
        (&server, "TRUSTED_PROXIES", "WORKER_CONCURRENCY"),
        (&worker, "WORKER_CONCURRENCY", "TRUSTED_PROXIES"),
    ] {
        for name in [
            "DATABASE_URL",
            "REDIS_URL",
            "SECRET_KEY",
            "MINIO_ENDPOINT",
            "MINIO_ACCESS_KEY",
            "MINIO_SECRET_KEY",
            "REGISTRATION",
            own,
        ] {
            assert!(
                said.contains(&format!("\n{name} ")),
                "{name} is not named:\n{said}"
            );
            assert!(
                said.contains(&format!("Example:  {name}=")),
                "{name}:\n{said}"
            );
        }
        assert!(!said.contains(not), "{not}:\n{said}");
        assert!(!said.contains("recognisable"), "{said}");
    }
    assert!(
        server.contains("LISTEN is `everywhere`, which can't be used."),
        "{server}"
    );
    assert!(server.contains("MINIO_ENDPOINT is not set."), "{server}");
}

/// The start says the same.
#[tokio::test]
async fn a_start_with_wrong_settings_names_them_all() {
    for binary in ["server", "worker"] {
        let mut process = testkit::LoggedProcess::start(binary, &Environment::new());
        assert_eq!(process.ended().await, Some(1));
        let log = process.log();
        for name in ["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MINIO_ENDPOINT"] {
            assert!(log.contains(&format!("{name} is not set.")), "{log}");
        }
    }
}

#[tokio::test]
async fn services_that_are_away_are_named_with_what_to_do() {
    let app = TestApp::start().await;
    let nowhere = closed_port().await;
    let away = with(
        &app.environment,
        &[
            (
                "DATABASE_URL",
                format!("postgres://u:recognisable@{nowhere}/db"),
            ),
            ("REDIS_URL", format!("redis://:recognisable@{nowhere}/")),
            ("MINIO_ENDPOINT", format!("http://{nowhere}")),
            ("SMTP_URL", format!("smtps://u:recognisable@{nowhere}")),
            ("MAIL_FROM", "vault@example.org".to_owned()),
        ],
    );
    let (code, said) = check("server", &away).await;
    assert_eq!(code, Some(1), "{said}");
    for (service, variable) in [
        ("PostgreSQL", "DATABASE_URL"),
        ("Redis", "REDIS_URL"),
        ("object store", "MINIO_ENDPOINT"),
        ("mail server", "SMTP_URL"),
    ] {
        let line = said
            .lines()
            .find(|line| line.starts_with(&format!("FAILED  {service}:")));
        assert!(
            line.is_some_and(|line| line.contains(variable)),
            "{service}:\n{said}"
        );
    }
    assert!(!said.contains("recognisable"), "{said}");
}

#[tokio::test]
async fn services_that_refuse_are_told_from_those_that_are_away() {
    let app = TestApp::start().await;
    let refused = |name: &str, from: &str, to: &str| {
        let value = app.environment[name].replace(from, to);
        assert_ne!(value, app.environment[name], "{name}");
        (name.to_owned(), value)
    };
    let url: reqwest::Url = app.environment["DATABASE_URL"].parse().unwrap();
    let (user, database) = (url.username(), url.path());
    let empty = "/postgres";
    for ((name, value), hint) in [
        (
            refused("DATABASE_URL", &format!("//{user}:"), "//nobody:"),
            "does not let us in",
        ),
        (
            refused("DATABASE_URL", database, "/no_such_database"),
            "no such database",
        ),
        (refused("DATABASE_URL", database, empty), "server migrate"),
        (
            refused("REDIS_URL", "default:", "default:not-"),
            "password in REDIS_URL",
        ),
        (
            ("MINIO_SECRET_KEY".to_owned(), "another".to_owned()),
            "MINIO_SECRET_KEY",
        ),
    ] {
        let (code, said) = check("server", &with(&app.environment, &[(&name, value)])).await;
        assert_eq!(code, Some(1), "{name}: {said}");
        let failed: Vec<&str> = said
            .lines()
            .filter(|line| line.starts_with("FAILED"))
            .collect();
        assert!(
            failed.len() == 1 && failed[0].contains(hint),
            "{name}: {said}"
        );
    }
}

/// Every setting in a file, as secrets of containers and credentials of systemd are.
#[tokio::test]
async fn every_setting_may_lie_in_a_file() {
    let app = TestApp::start().await;
    let folder = tempfile::TempDir::new().unwrap();
    let mut in_files = Environment::new();
    for (name, value) in &app.environment {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("{value}\n")).unwrap();
        in_files.insert(format!("{name}_FILE"), path.to_str().unwrap().to_owned());
    }
    for binary in ["server", "worker"] {
        let (code, said) = check(binary, &in_files).await;
        assert_eq!(code, Some(0), "{binary}: {said}");
        assert!(said.contains("ok      object store"), "{binary}: {said}");
    }
    in_files.insert(
        "SECRET_KEY_FILE".to_owned(),
        "/nowhere/recognisable".to_owned(),
    );
    in_files.insert(
        "REDIS_URL".to_owned(),
        "redis://:recognisable@host/".to_owned(),
    );
    std::fs::write(folder.path().join("REGISTRATION"), "recognisable").unwrap();
    in_files.insert(
        "REGISTRATION_FILE".to_owned(),
        folder
            .path()
            .join("REGISTRATION")
            .to_str()
            .unwrap()
            .to_owned(),
    );
    for binary in ["server", "worker"] {
        let (code, said) = check(binary, &in_files).await;
        assert_eq!(code, Some(1));
        for wrong in [
            "3 settings can't be used.",
            "SECRET_KEY_FILE names a file that does not exist.",
            "REDIS_URL and REDIS_URL_FILE are both set: take one of them away.",
            "REGISTRATION_FILE names a file that holds something that can't be used.",
            "Example:  SECRET_KEY_FILE=/run/secrets/secret_key",
        ] {
            assert!(said.contains(wrong), "{wrong}\n{said}");
        }
        assert!(!said.contains("recognisable"), "{said}");
    }
}

#[tokio::test]
async fn a_slip_in_a_name_is_told_with_what_is_meant() {
    let app = TestApp::start().await;
    let mut slipped = with(
        &app.environment,
        &[
            ("MAX_UPLOAD_BYTE", "1000".to_owned()),
            ("MAIL_FORM_FILE", "/nowhere".to_owned()),
        ],
    );
    for binary in ["server", "worker"] {
        let (code, said) = check(binary, &slipped).await;
        assert_eq!(code, Some(0), "{said}");
        for slip in [
            "odd     MAX_UPLOAD_BYTE is no setting. Is MAX_UPLOAD_BYTES meant?",
            "odd     MAIL_FORM_FILE is no setting. Is MAIL_FROM_FILE meant?",
        ] {
            assert!(said.contains(slip), "{said}");
        }
    }
    let key = slipped.remove("SECRET_KEY").unwrap();
    slipped.insert("SECRETKEY".to_owned(), key);
    let (code, said) = check("server", &slipped).await;
    assert_eq!(code, Some(1));
    let expected = "SECRET_KEY is not set. SECRETKEY is no setting. Is SECRET_KEY meant?";
    assert!(said.contains(expected), "{said}");
}
