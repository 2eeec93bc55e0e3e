//! Whatever variables are set to, settings are read or one of them is named, and no secret is repeated.
#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;
use settings::{Env, MigrateSettings, ServerSettings, VARIABLES, WorkerSettings};
use std::collections::BTreeMap;

type Variables = BTreeMap<String, String>;

/// Everything set to what the catalogue has as an example.
fn examples() -> Variables {
    let example = |one: &settings::Variable| (one.name.to_owned(), one.example.to_owned());
    VARIABLES.iter().map(example).collect()
}

fn env(variables: &Variables) -> Env {
    let variables = variables.clone();
    Env::new(move |name| variables.get(name).cloned())
}

/// What each binary complains of, in its words to whoever starts it.
fn complaints(variables: &Variables) -> Vec<String> {
    [
        ServerSettings::read(&env(variables)).err(),
        WorkerSettings::read(&env(variables)).err(),
        MigrateSettings::read(&env(variables)).err(),
    ]
    .into_iter()
    .flatten()
    .map(|problems| problems.to_string())
    .collect()
}

/// Values that are nearly right, and rubbish.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^\\x00]{0,40}",
        "(https?|rediss?|postgres|smtps?)://[a-z:@/?=.0-9\\[\\]%-]{0,40}",
        "-?[0-9]{1,25}(\\.[0-9])?",
        "[0-9a-f.:/]{1,40}(, ?[0-9./]{1,20})?",
        "[a-z+_=,<>@ -]{0,30}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn any_value_is_taken_or_named(at in 0..VARIABLES.len(), value in value(), from_file: bool) {
        let variable = &VARIABLES[at];
        let mut variables = examples();
        let home = tempfile::tempdir().unwrap();
        if from_file {
            let path = home.path().join("value");
            std::fs::write(&path, &value).unwrap();
            variables.remove(variable.name);
            variables.insert(format!("{}_FILE", variable.name), path.display().to_string());
        } else {
            variables.insert(variable.name.to_owned(), value.clone());
        }
        for said in complaints(&variables) {
            // Some are only wrong together with another one.
            let named = VARIABLES.iter().any(|one| said.contains(one.name));
            prop_assert!(named, "{}", said);
            let shown = variable.is_secret && value.trim().len() > 12 && said.contains(value.trim());
            prop_assert!(!shown || variable.example.contains(value.trim()), "{}", said);
        }
    }

    #[test]
    fn any_bytes_of_a_file_are_taken_or_named(bytes: Vec<u8>) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("key");
        std::fs::write(&path, &bytes).unwrap();
        let mut variables = examples();
        variables.remove("SECRET_KEY");
        variables.insert("SECRET_KEY_FILE".to_owned(), path.display().to_string());
        for said in complaints(&variables) {
            prop_assert!(said.contains("SECRET_KEY"), "{}", said);
        }
    }
}
