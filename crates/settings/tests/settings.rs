//! `.env.example` and what is read are the same variables; errors name them and never say a value.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use settings::{Env, Error, ExposeSecret, MigrateSettings, ServerSettings, WorkerSettings};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

const EXAMPLE: &str = include_str!("../../../.env.example");

/// The object store's own: read by it and by the development supervisor, never by DocuVault (D-15).
const OF_THE_STORE: [&str; 2] = ["MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD"];

const SECRETS: [&str; 10] = [
    "DATABASE_URL",
    "DATABASE_MIGRATE_URL",
    "REDIS_URL",
    "MINIO_ACCESS_KEY",
    "MINIO_SECRET_KEY",
    "SECRET_KEY",
    "SECRET_KEY_PREVIOUS",
    "ANTHROPIC_API_KEY",
    "OPENAI_API_KEY",
    "SMTP_URL",
];

type Variables = BTreeMap<String, String>;

/// The example, with a secret key that is long enough.
fn example() -> Variables {
    let mut variables: Variables = EXAMPLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    variables.insert(
        "SECRET_KEY".to_owned(),
        "0123456789abcdef0123456789abcdef".to_owned(),
    );
    variables
}

fn env(variables: &Variables) -> Env {
    let variables = variables.clone();
    Env::new(move |name| variables.get(name).cloned())
}

/// What each binary makes of the variables: server, worker, migrations.
fn read(variables: &Variables) -> [Option<Error>; 3] {
    [
        ServerSettings::from_env(&env(variables)).err(),
        WorkerSettings::from_env(&env(variables)).err(),
        MigrateSettings::from_env(&env(variables)).err(),
    ]
}

#[test]
fn the_example_is_acceptable_as_it_stands() {
    assert_eq!(read(&example()), [None, None, None]);
}

#[test]
fn the_example_names_what_is_read_and_nothing_else() {
    let env = env(&example());
    ServerSettings::from_env(&env).unwrap();
    WorkerSettings::from_env(&env).unwrap();
    MigrateSettings::from_env(&env).unwrap();
    let mut read = env.asked();
    read.extend(OF_THE_STORE.map(str::to_owned));
    let named: BTreeSet<String> = example().into_keys().collect();
    assert_eq!(named, read);
}

#[test]
fn the_example_names_everything_once_with_a_comment() {
    let mut named = BTreeSet::new();
    let mut explained = false;
    for line in EXAMPLE.lines() {
        match line.split_once('=') {
            _ if line.is_empty() => explained = false,
            _ if line.starts_with("# ---") => explained = false,
            _ if line.starts_with('#') => explained = line.len() > 10,
            Some((name, _)) => {
                assert!(named.insert(name), "{name} stands there twice");
                // A comment also holds for the variables right below its own.
                assert!(explained, "{name} has no comment");
            }
            None => panic!("neither a comment nor a variable: {line}"),
        }
    }
}

#[test]
fn the_example_holds_no_secret() {
    for name in SECRETS.iter().chain(&OF_THE_STORE) {
        let line = EXAMPLE
            .lines()
            .find(|line| line.starts_with(&format!("{name}=")))
            .unwrap();
        let value = line.split_once('=').unwrap().1;
        assert!(value.is_empty() || value.contains("change-me"), "{line}");
    }
}

#[test]
fn the_defaults_are_those_of_the_example() {
    let required = [
        "DATABASE_URL",
        "DATABASE_MIGRATE_URL",
        "REDIS_URL",
        "MINIO_ENDPOINT",
        "MINIO_ACCESS_KEY",
        "MINIO_SECRET_KEY",
        "SECRET_KEY",
        // By its name, as a vault is reached in the end; unset it is where the server listens.
        "PUBLIC_URL",
    ];
    let mut least = example();
    least.retain(|name, _| required.contains(&name.as_str()));
    let (full, least) = (env(&example()), env(&least));
    // Secrets are redacted in this form.
    let shown = |env: &Env| {
        format!(
            "{:?} {:?}",
            ServerSettings::from_env(env).unwrap(),
            WorkerSettings::from_env(env).unwrap()
        )
    };
    assert_eq!(shown(&full), shown(&least));
}

#[test]
fn what_is_missing_is_named() {
    for (name, by) in [
        ("DATABASE_URL", [true, true, false]),
        ("DATABASE_MIGRATE_URL", [false, false, true]),
        ("REDIS_URL", [true, true, false]),
        ("MINIO_ENDPOINT", [true, true, false]),
        ("MINIO_ACCESS_KEY", [true, true, false]),
        ("MINIO_SECRET_KEY", [true, true, false]),
        ("SECRET_KEY", [true, true, false]),
    ] {
        for empty in [false, true] {
            let mut variables = example();
            variables.remove(name);
            if empty {
                variables.insert(name.to_owned(), "  ".to_owned());
            }
            let expected = by.map(|missed| missed.then(|| Error::Missing(name.to_owned())));
            assert_eq!(read(&variables), expected, "{name}");
        }
    }
}

/// A value that this secret may have, with that word in it.
fn acceptable(name: &str, word: &str) -> String {
    match name {
        "DATABASE_URL" | "DATABASE_MIGRATE_URL" => format!("postgres://user:{word}@localhost/db"),
        "REDIS_URL" => format!("redis://:{word}@localhost/"),
        "SMTP_URL" => format!("smtps://user:{word}@localhost"),
        _ => format!("{word}-0123456789abcdef0123456789abcdef"),
    }
}

#[test]
fn a_secret_is_never_shown() {
    let mut variables = example();
    for name in SECRETS {
        variables.insert(name.to_owned(), acceptable(name, "hidden-word"));
    }
    let shown = format!(
        "{:?} {:?} {:?}",
        ServerSettings::from_env(&env(&variables)).unwrap(),
        WorkerSettings::from_env(&env(&variables)).unwrap(),
        MigrateSettings::from_env(&env(&variables)).unwrap()
    );
    assert!(!shown.contains("hidden-word"), "{shown}");
}

#[test]
fn mail_needs_a_sender_where_there_is_a_server() {
    let mut variables = example();
    variables.insert("SMTP_URL".to_owned(), "smtp://mail.example.org".to_owned());
    let read = ServerSettings::from_env(&env(&variables)).unwrap();
    assert_eq!(read.mail.server.unwrap().from, "vault@example.org");
    variables.remove("MAIL_FROM");
    assert_eq!(
        ServerSettings::from_env(&env(&variables)).unwrap_err(),
        Error::Missing("MAIL_FROM".to_owned())
    );
}

fn file(text: &str) -> (tempfile::NamedTempFile, String) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    (file, path)
}

#[test]
fn a_secret_may_lie_in_a_file() {
    let mut variables = example();
    let mut kept = Vec::new();
    for name in SECRETS {
        let (file, path) = file(&format!("{}\n", acceptable(name, name)));
        variables.remove(name);
        variables.insert(format!("{name}_FILE"), path);
        kept.push(file);
    }
    let server = ServerSettings::from_env(&env(&variables)).unwrap();
    let migrate = MigrateSettings::from_env(&env(&variables)).unwrap();
    for (name, read) in [
        ("DATABASE_URL", &server.database_url),
        ("DATABASE_MIGRATE_URL", &migrate.database_url),
        ("REDIS_URL", &server.redis.url),
        ("MINIO_ACCESS_KEY", &server.store.access_key),
        ("MINIO_SECRET_KEY", &server.store.secret_key),
        ("SECRET_KEY", &server.secrets.secret_key),
        (
            "SECRET_KEY_PREVIOUS",
            server.secrets.previous_secret_key.as_ref().unwrap(),
        ),
        (
            "ANTHROPIC_API_KEY",
            server.filing.anthropic_api_key.as_ref().unwrap(),
        ),
        (
            "OPENAI_API_KEY",
            server.filing.openai_api_key.as_ref().unwrap(),
        ),
        ("SMTP_URL", &server.mail.server.as_ref().unwrap().url),
    ] {
        assert_eq!(read.expose_secret(), acceptable(name, name));
    }
}

#[test]
fn the_variable_wins_over_the_file() {
    let (_kept, path) = file("from a file");
    let mut variables = example();
    variables.insert("DATABASE_MIGRATE_URL_FILE".to_owned(), path);
    let read = MigrateSettings::from_env(&env(&variables)).unwrap();
    assert_eq!(
        read.database_url.expose_secret(),
        &variables["DATABASE_MIGRATE_URL"]
    );
}

#[test]
fn a_file_that_is_not_there_is_named_by_its_variable() {
    let mut variables = example();
    variables.remove("DATABASE_MIGRATE_URL");
    variables.insert(
        "DATABASE_MIGRATE_URL_FILE".to_owned(),
        "/nowhere/hidden-word".to_owned(),
    );
    let error = MigrateSettings::from_env(&env(&variables)).unwrap_err();
    assert_eq!(
        error,
        Error::Unreadable("DATABASE_MIGRATE_URL_FILE".to_owned())
    );
    assert!(!error.to_string().contains("hidden-word"));
}

#[test]
fn origins_are_cut_to_what_a_browser_sends() {
    let mut variables = example();
    variables.insert(
        "CORS_ORIGINS".to_owned(),
        " http://localhost:5173/ ,, https://vault.test:443/app".to_owned(),
    );
    let read = ServerSettings::from_env(&env(&variables)).unwrap();
    assert_eq!(
        read.http.cors_origins,
        ["http://localhost:5173", "https://vault.test"]
    );
}
