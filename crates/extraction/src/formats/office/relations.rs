//! How the parts of an Office Open XML document name each other.

use super::super::collect::Flow;
use super::package::Package;
use super::xml::Token;
use crate::Failure;
use std::collections::HashMap;

/// How many relations of one part are looked at.
const MAX_RELATIONS: usize = 20_000;

/// A part's relations: its targets, by id, as names in the package.
pub(super) struct Relations {
    targets: HashMap<String, String>,
}

impl Relations {
    /// Those of the part `folder/name`. None at all when the package says nothing of it.
    pub fn of(package: &mut Package, folder: &str, name: &str) -> Result<Self, Failure> {
        let mut targets = HashMap::new();
        package.walk(&format!("{folder}/_rels/{name}.rels"), |token| {
            if let Token::Open(element) = token
                && element.name() == "Relationship"
                && let Some((id, target)) = element.attribute("Id").zip(element.attribute("Target"))
                && element.attribute("TargetMode").as_deref() != Some("External")
            {
                if targets.len() >= MAX_RELATIONS {
                    return Flow::Break(());
                }
                targets.insert(id, resolved(folder, &target));
            }
            Flow::Continue(())
        })?;
        Ok(Self { targets })
    }

    /// The name of the part with this id.
    pub fn target(&self, id: &str) -> Option<&str> {
        self.targets.get(id).map(String::as_str)
    }
}

/// A target as a name in the package. It only ever finds entries there, wherever it points.
fn resolved(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn targets_are_names_in_the_package() {
        assert_eq!(
            resolved("xl", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml"
        );
        assert_eq!(resolved("xl", "/xl/a.xml"), "xl/a.xml");
        assert_eq!(resolved("ppt/slides", "../notes/n.xml"), "ppt/notes/n.xml");
        assert_eq!(resolved("xl", "../../../etc/passwd"), "etc/passwd");
    }
}
