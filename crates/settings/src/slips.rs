//! Names in the environment that are no settings, but nearly: a slip in a name would otherwise go
//! unnoticed wherever a setting may be left out.

use crate::catalog::VARIABLES;
use std::fmt;

/// Below this a name is too short to say what it nearly is.
const SHORTEST: usize = 6;

/// How many characters of a name may be wrong, missing or too many.
const DISTANCE: usize = 2;

/// A name that is no setting, and the setting that is probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The name as it was given.
    pub given: String,
    /// What it nearly is.
    pub meant: String,
}

impl Slip {
    /// Whether it stands for that setting, or for its file.
    pub(crate) fn means(&self, setting: &str) -> bool {
        self.meant.strip_suffix("_FILE").unwrap_or(&self.meant) == setting
    }
}

impl fmt::Display for Slip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { given, meant } = self;
        write!(formatter, "{given} is no setting. Is {meant} meant?")
    }
}

/// The slips among these names.
pub(crate) fn among(names: &[String]) -> Vec<Slip> {
    let settings: Vec<String> = VARIABLES
        .iter()
        .flat_map(|variable| [variable.name.to_owned(), format!("{}_FILE", variable.name)])
        .collect();
    names
        .iter()
        .filter(|name| name.len() >= SHORTEST && !settings.contains(name))
        .filter_map(|name| {
            let (distance, meant) = settings
                .iter()
                .filter(|setting| setting.len() >= SHORTEST)
                .map(|setting| (strsim::osa_distance(name, setting), setting))
                .min()?;
            (distance <= DISTANCE).then(|| Slip {
                given: name.clone(),
                meant: meant.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(name: &str) -> Option<String> {
        let slips = among(&[name.to_owned()]);
        slips.into_iter().next().map(|slip| slip.meant)
    }

    #[test]
    fn a_slip_is_told_with_what_is_meant() {
        for (given, setting) in [
            ("SECRETKEY", "SECRET_KEY"),
            ("SECRET_KEY_PREVIUOS", "SECRET_KEY_PREVIOUS"),
            ("SECRET_KEY_FIEL", "SECRET_KEY_FILE"),
            ("REDIS_URI", "REDIS_URL"),
            ("SMTP_URL_FILES", "SMTP_URL_FILE"),
            ("MAX_UPLOAD_BYTE", "MAX_UPLOAD_BYTES"),
        ] {
            assert_eq!(meant(given).as_deref(), Some(setting), "{given}");
        }
    }

    #[test]
    fn settings_and_names_of_others_are_none() {
        for variable in VARIABLES {
            assert_eq!(meant(variable.name), None);
            assert_eq!(meant(&format!("{}_FILE", variable.name)), None);
        }
        for other in [
            "PATH",
            "HOME",
            "LOGNAME",
            "LOG_DIR",
            "LISTEN_FDS",
            "LISTEN_PID",
            "NOTIFY_SOCKET",
            "WATCHDOG_USEC",
            "CREDENTIALS_DIRECTORY",
            "SSL_CERT_FILE",
            "MINIO_ROOT_USER",
            "MINIO_ROOT_PASSWORD",
            "POSTGRES_PASSWORD_FILE",
            "LEPTOS_SITE_ROOT",
            "TESSDATA_PREFIX",
            "HTTPS_PROXY",
        ] {
            assert_eq!(meant(other), None, "{other}");
        }
    }
}
