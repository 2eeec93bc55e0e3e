//! In which order tables are filled.

use super::Table;

/// The tables, each after those that it refers to (child, parent). What refers to each other comes last,
/// in any order: PostgreSQL then says which reference is broken.
pub(super) fn parents_first(mut tables: Vec<Table>, references: &[(String, String)]) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::with_capacity(tables.len());
    loop {
        let waits = |table: &Table| {
            references.iter().any(|(child, parent)| {
                *child == table.name && tables.iter().any(|other| other.name == *parent)
            })
        };
        let (waiting, free): (Vec<_>, Vec<_>) = tables.clone().into_iter().partition(waits);
        if free.is_empty() {
            ordered.extend(waiting);
            return ordered;
        }
        ordered.extend(free);
        tables = waiting;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Table {
        Table {
            name: name.to_owned(),
            columns: Vec::new(),
            copy_out: String::new(),
            copy_in: String::new(),
        }
    }

    fn ordered(names: &[&str], references: &[(&str, &str)]) -> Vec<String> {
        let tables = names.iter().map(|name| table(name)).collect();
        let references: Vec<_> = references
            .iter()
            .map(|(child, parent)| ((*child).to_owned(), (*parent).to_owned()))
            .collect();
        let ordered = parents_first(tables, &references).into_iter();
        ordered.map(|table| table.name).collect()
    }

    #[test]
    fn a_table_comes_after_all_that_it_refers_to() {
        let references = [("a", "b"), ("b", "c"), ("a", "d"), ("d", "b")];
        assert_eq!(
            ordered(&["a", "b", "c", "d"], &references),
            ["c", "b", "d", "a"]
        );
    }

    #[test]
    fn a_reference_to_a_table_that_is_left_out_holds_nothing_up() {
        assert_eq!(ordered(&["a", "b"], &[("a", "sessions")]), ["a", "b"]);
    }

    #[test]
    fn a_circle_comes_to_an_end() {
        assert_eq!(
            ordered(&["a", "b", "c"], &[("a", "b"), ("b", "a")]),
            ["c", "a", "b"]
        );
    }
}
