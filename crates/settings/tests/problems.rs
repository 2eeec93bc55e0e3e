//! Whatever is wrong with the settings is said in one go: every variable by its name, what it should be,
//! and no secret.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use settings::{Env, Error, MigrateSettings, Problems, ServerSettings, VARIABLES, WorkerSettings};
use std::collections::{BTreeMap, BTreeSet};

type Variables = BTreeMap<String, String>;

const REQUIRED: [&str; 7] = [
    "DATABASE_URL",
    "DATABASE_MIGRATE_URL",
    "REDIS_URL",
    "MINIO_ENDPOINT",
    "MINIO_ACCESS_KEY",
    "MINIO_SECRET_KEY",
    "SECRET_KEY",
];

/// For every variable something that it can't be, with a word in it that would be recognised.
const WRONG: &[(&str, &str)] = &[
    ("DATABASE_URL", "mysql://user:p4ssw0rd@host/db"),
    ("DATABASE_MIGRATE_URL", "p4ssw0rd"),
    ("MINIO_ENDPOINT", "ftp://p4ssw0rd"),
    ("MINIO_PUBLIC_ENDPOINT", "p4ssw0rd"),
    ("MINIO_REGION", "p4ssw0rd with spaces"),
    ("MINIO_BUCKET", "P4ssw0rd"),
    ("MINIO_ACCESS_KEY", "p4ssw0rd with spaces"),
    ("MINIO_SECRET_KEY", "p4ssw0rd\nof two lines"),
    ("SECRET_KEY", "p4ssw0rd"),
    ("SECRET_KEY_PREVIOUS", "p4ssw0rd"),
    ("REGISTRATION", "p4ssw0rd"),
    ("DEFAULT_QUOTA_BYTES", "p4ssw0rd"),
    ("SMTP_URL", "http://user:p4ssw0rd@host"),
    ("MAIL_FROM", "p4ssw0rd"),
    ("REDIS_URL", "p4ssw0rd"),
    ("REDIS_PREFIX", "p4ssw0rd with spaces"),
    ("LISTEN", "p4ssw0rd"),
    ("PUBLIC_URL", "https://vault.example.org/p4ssw0rd"),
    ("TRUSTED_PROXIES", "10.0.0.0/8, p4ssw0rd"),
    ("CORS_ORIGINS", "p4ssw0rd"),
    ("MAX_UPLOAD_BYTES", "p4ssw0rd"),
    ("ANTHROPIC_API_KEY", "p4ssw0rd with spaces"),
    ("OPENAI_API_KEY", "p4ssw0rd with spaces"),
    ("ANTHROPIC_URL", "p4ssw0rd"),
    ("OPENAI_URL", "p4ssw0rd"),
    ("OLLAMA_URL", "p4ssw0rd"),
    ("LMSTUDIO_URL", "p4ssw0rd"),
    ("PROVIDER_TIMEOUT_SECONDS", "p4ssw0rd"),
    ("WORKER_CONCURRENCY", "p4ssw0rd"),
    ("WORKER_LEASE_SECONDS", "p4ssw0rd"),
    ("WORKER_RECONCILE_SECONDS", "p4ssw0rd"),
    ("SCRUB_HOURS", "p4ssw0rd"),
    ("EXTRACTION_MEMORY_MIB", "p4ssw0rd"),
    ("EXTRACTION_SECONDS", "p4ssw0rd"),
    ("OCR_LANGUAGES", "p4ssw0rd/of"),
    ("SANDBOX", "p4ssw0rd"),
    ("LOG", "server=p4ssw0rd"),
    ("LOG_JSON", "p4ssw0rd"),
    ("METRICS_BIND", "p4ssw0rd"),
    ("WORKER_METRICS_BIND", "p4ssw0rd"),
];

fn env(variables: &Variables) -> Env {
    let variables = variables.clone();
    Env::new(move |name| variables.get(name).cloned())
}

fn examples() -> Variables {
    let pairs = VARIABLES
        .iter()
        .map(|variable| (variable.name.to_owned(), variable.example.to_owned()));
    pairs.collect()
}

/// What each binary makes of them, up to the first that is wrong.
fn first(variables: &Variables) -> Vec<Error> {
    [
        ServerSettings::from_env(&env(variables)).err(),
        WorkerSettings::from_env(&env(variables)).err(),
        MigrateSettings::from_env(&env(variables)).err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What each says of all of them.
fn all(variables: &Variables) -> Vec<Problems> {
    [
        ServerSettings::read(&env(variables)).err(),
        WorkerSettings::read(&env(variables)).err(),
        MigrateSettings::read(&env(variables)).err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn the_catalog_is_what_is_read_and_its_examples_are_acceptable() {
    let env = env(&examples());
    ServerSettings::from_env(&env).unwrap();
    WorkerSettings::from_env(&env).unwrap();
    MigrateSettings::from_env(&env).unwrap();
    let named: BTreeSet<String> = VARIABLES
        .iter()
        .map(|variable| variable.name.to_owned())
        .collect();
    assert_eq!(named.len(), VARIABLES.len(), "one stands there twice");
    assert_eq!(named, env.asked());
    for variable in VARIABLES {
        assert!(
            variable.expected.len() > 4,
            "{} says nothing",
            variable.name
        );
    }
}

#[test]
fn there_is_something_wrong_for_every_variable() {
    let tried: BTreeSet<&str> = WRONG.iter().map(|(name, _)| *name).collect();
    let named: BTreeSet<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
    assert_eq!(tried, named);
}

#[test]
fn each_wrong_value_names_its_variable_and_no_other() {
    for (name, value) in WRONG {
        let mut variables = examples();
        variables.insert((*name).to_owned(), (*value).to_owned());
        let errors = first(&variables);
        assert!(!errors.is_empty(), "{name} takes anything");
        for error in errors {
            let Error::Unacceptable { name: said, .. } = &error else {
                panic!("{name}: {error}")
            };
            assert_eq!(said, name);
            assert!(!format!("{error} {error:?}").contains("4ssw0rd"), "{error}");
        }
        for problems in all(&variables) {
            let named: Vec<&str> = problems
                .0
                .iter()
                .map(|problem| problem.name.as_str())
                .collect();
            assert_eq!(named, [*name]);
            assert!(
                problems.to_string().contains(&format!("Example:  {name}=")),
                "{problems}"
            );
        }
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let wrong: Variables = WRONG
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let mut named: BTreeSet<String> = BTreeSet::new();
    for problems in all(&wrong) {
        let text = problems.to_string();
        for problem in &problems.0 {
            assert!(
                text.contains(&problem.wrong) && text.contains(&problem.expected),
                "{text}"
            );
            named.insert(problem.name.clone());
        }
    }
    let every: BTreeSet<String> = wrong.into_keys().collect();
    assert_eq!(named, every);
}

#[test]
fn everything_that_is_missing_is_said_at_once() {
    let mut named: BTreeSet<String> = BTreeSet::new();
    for problems in all(&Variables::new()) {
        for problem in problems.0 {
            assert_eq!(problem.wrong, format!("{} is not set.", problem.name));
            named.insert(problem.name);
        }
    }
    assert_eq!(named, REQUIRED.map(str::to_owned).into());
}

#[test]
fn values_are_repeated_unless_they_are_secret() {
    for (name, value) in WRONG {
        let mut variables = examples();
        variables.insert((*name).to_owned(), (*value).to_owned());
        let variable = VARIABLES
            .iter()
            .find(|variable| variable.name == *name)
            .unwrap();
        for problems in all(&variables) {
            let text = problems.to_string();
            assert_eq!(
                text.contains("4ssw0rd"),
                !variable.is_secret,
                "{name}: {text}"
            );
        }
    }
    let mut variables = examples();
    variables.insert("OLLAMA_URL".to_owned(), "user:p4ssw0rd@host".to_owned());
    for problems in all(&variables) {
        assert!(!problems.to_string().contains("p4ssw0rd"), "{problems}");
    }
}

#[test]
fn a_file_that_is_not_there_is_said_with_the_others() {
    let mut variables = examples();
    variables.remove("SECRET_KEY");
    variables.insert("SECRET_KEY_FILE".to_owned(), "/nowhere/p4ssw0rd".to_owned());
    variables.insert("LISTEN".to_owned(), "nowhere".to_owned());
    let problems = ServerSettings::read(&env(&variables)).unwrap_err();
    let names: Vec<&str> = problems
        .0
        .iter()
        .map(|problem| problem.name.as_str())
        .collect();
    assert_eq!(names, ["LISTEN", "SECRET_KEY"]);
    assert_eq!(
        problems.0[1].wrong,
        "SECRET_KEY_FILE names a file that does not exist."
    );
    assert_eq!(
        problems.0[1].example,
        "SECRET_KEY_FILE=/run/secrets/secret_key"
    );
}

#[test]
fn metrics_are_never_shown_where_people_come() {
    for (bind, listen) in [
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("0.0.0.0:8000", "127.0.0.1:8000"),
        ("127.0.0.1:8000", "0.0.0.0:8000"),
    ] {
        let mut variables = examples();
        variables.insert("METRICS_BIND".to_owned(), bind.to_owned());
        variables.insert("LISTEN".to_owned(), listen.to_owned());
        let problems = ServerSettings::read(&env(&variables)).unwrap_err();
        assert_eq!(problems.0[0].name, "METRICS_BIND", "{bind} beside {listen}");
        assert!(problems.0[0].expected.contains("LISTEN"));
    }
    let mut variables = examples();
    variables.remove("METRICS_BIND");
    let read = ServerSettings::from_env(&env(&variables)).unwrap();
    assert_eq!(read.metrics.bind, None, "off unless it is asked for");
}
