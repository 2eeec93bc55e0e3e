//! Everything that is wrong with the settings, in one go.

use crate::{Env, Error, catalog};
use std::fmt;

/// The most of a value that is repeated, in characters.
const SHOWN_CHARS: usize = 100;

/// What is wrong with one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable.
    pub name: String,
    /// What is wrong with it, in a sentence. Never a secret's value.
    pub wrong: String,
    /// What it should be.
    pub expected: String,
    /// A line that would do.
    pub example: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.wrong)?;
        writeln!(formatter, "    Expected: {}", self.expected)?;
        write!(formatter, "    Example:  {}", self.example)
    }
}

/// Everything that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        let settings = if count == 1 { "setting" } else { "settings" };
        write!(formatter, "{count} {settings} can't be used. ")?;
        write!(
            formatter,
            "`.env.example` says what each is for. Each may also be set as NAME_FILE, to the path of a file that holds it."
        )?;
        for problem in &self.0 {
            write!(formatter, "\n\n{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Reads settings to their end: a variable that is wrong is noted, and taken for its example to see what
/// else is.
pub(crate) fn read_all<T>(
    env: &Env,
    read: impl Fn(&Env) -> Result<T, Error>,
) -> Result<T, Problems> {
    let mut problems: Vec<Problem> = Vec::new();
    loop {
        let error = match read(env) {
            Ok(settings) if problems.is_empty() => return Ok(settings),
            Ok(_) => return Err(Problems(problems)),
            Err(error) => error,
        };
        let known = problems
            .iter()
            .any(|problem| problem.name == error.variable());
        if known {
            return Err(Problems(problems));
        }
        problems.push(problem(env, &error));
        if let Some(variable) = catalog::variable(error.variable()) {
            env.assume(variable.name, variable.example);
        }
    }
}

fn problem(env: &Env, error: &Error) -> Problem {
    let name = error.variable();
    let variable = catalog::variable(name);
    let meant = variable.map_or("", |variable| variable.expected);
    let example = variable.map_or("", |variable| variable.example);
    let (expected, example) = match error {
        Error::Unacceptable { expected, .. } => (expected.clone(), format!("{name}={example}")),
        Error::Missing(_) | Error::NotText(_) => (meant.to_owned(), format!("{name}={example}")),
        Error::Both(_) => (
            format!("one of the two: {meant}"),
            format!("{name}={example}"),
        ),
        Error::File { .. } => (
            format!("a file that holds nothing else than this: {meant}"),
            format!("{name}_FILE=/run/secrets/{}", name.to_lowercase()),
        ),
    };
    Problem {
        name: name.to_owned(),
        wrong: wrong(env, error),
        expected,
        example,
    }
}

fn wrong(env: &Env, error: &Error) -> String {
    let name = error.variable();
    match error {
        Error::Missing(_) if env.is_in_a_file(name) => {
            format!("{name}_FILE names a file that is empty.")
        }
        Error::Missing(_) => match env.slips().into_iter().find(|slip| slip.means(name)) {
            Some(slip) => format!("{name} is not set. {slip}"),
            None => format!("{name} is not set."),
        },
        Error::Unacceptable { .. } if env.is_in_a_file(name) => {
            format!("{name}_FILE names a file that holds something that can't be used.")
        }
        Error::Unacceptable { .. } => match given(env, name) {
            Some(given) => format!("{name} is {given}, which can't be used."),
            None => format!("{name} is set to something that can't be used."),
        },
        Error::NotText(_) | Error::Both(_) | Error::File { .. } => error.to_string(),
    }
}

/// What it was set to, unless that is for nobody's eyes: a secret, or an address with a password in it.
fn given(env: &Env, name: &str) -> Option<String> {
    let is_secret = catalog::variable(name).is_none_or(|variable| variable.is_secret);
    let value = env.given(name)?;
    if is_secret || value.contains('@') {
        return None;
    }
    let shown: String = value.chars().take(SHOWN_CHARS).collect();
    let more = if shown.len() < value.len() { "…" } else { "" };
    Some(format!("`{}{more}`", shown.escape_debug()))
}
