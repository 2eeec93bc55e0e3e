//! Words that say nothing about what a document is: the small words of English and German, and what
//! stands in every letter.
//!
//! Both languages always apply: documents mix them, and a wrong guess of the language costs nothing.

const ENGLISH: &str = "a about above after again against all also although always am among an and another any are as at \
    away back be because been before being below between both but by can cannot could did do does doing done down \
    during each either else enough ever every few first following for from further get give given go had has have \
    having he her here hers him his how however i if in into is it its itself just keep know last later least less let \
    like made make many may me might mine more most much must my near need neither never new next no nor not nothing \
    now of off often on once one only or other others our ours out over own per please put rather said same say see \
    seen shall she should since so some someone something soon still such take than that the their them then there \
    these they thing things this those though through thus to today together too two under until up upon us use used \
    using very want was way we well were what when where whether which while who whole whom whose why will with \
    within without would yes yet you your yours";

const GERMAN: &str = "ab aber alle allem allen aller alles als also am an andere anderen anderer anderes auch auf aus bei \
    beide beiden beim bereits bis bitte bzw da dabei dadurch dafür dagegen daher damit danach dann daran darauf daraus \
    darf darin darüber das dass dazu dein deine dem den denen denn der deren des deshalb dessen dich die dies diese \
    diesem diesen dieser dieses dir doch dort du durch dürfen ein eine einem einen einer eines einige einmal er es etwa \
    etwas euch euer falls finden folgende folgenden für ganz gegen gemäß gern gibt haben habe hat hatte hatten hier \
    hiermit hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer in innerhalb ins ist ja je jede \
    jedem jeden jeder jedes jedoch jetzt kann kein keine keinem keinen keiner können könnten man mehr mein meine \
    meinem meinen meiner mich mir mit möchte möchten muss müssen nach nachdem nein neue neuen neuer nicht nichts noch \
    nun nur ob oder ohne pro sehr sei seien sein seine seinem seinen seiner seit sich sie sind so sobald sofern sogar \
    soll sollen sollte sollten somit sondern sonst sowie über um und uns unser unsere unserem unseren unserer unter \
    viel viele vielen vom von vor während war waren warum was weder weil weiter weitere weiteren welche welchen \
    welcher welches wenn wer werde werden wie wieder wir wird wo wollen worden wurde wurden würde würden zu zum zur \
    zusammen zwei zwischen";

/// Numbers, and the units and names of time.
const NUMBERS: &str = "one two three four five six seven eight nine ten eleven twelve hundred thousand million eins zwei \
    drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend prozent percent second third minute minutes \
    hour hours day days daily week weeks weekly month months monthly year years yearly annual morning afternoon evening \
    night minuten stunde stunden tag tage tagen woche wochen wöchentlich monat monate monaten monats monatlich jahr \
    jahre jahren jahres jährlich morgen abend \
    january february march april may june july august september october november december jan feb mar apr jun jul aug \
    sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday am pm \
    januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag";

/// What stands in letters, forms and on receipts of every kind.
const LETTERS: &str = "attached best city copy customer date dear email enclosed fax faithfully hello hi incl including \
    information kind letter madam mail mailto mobile mr mrs ms number page pages phone ref reference regarding regards \
    sincerely sir street subject team tel telephone thank thanks web website www http https com org net \
    eur euro euros usd gbp \
    anbei anlage anlagen anrede anschrift betreff bezüglich damen datum dank danke dankeschön email frau freundliche \
    freundlichen grüße grüssen grüßen guten hallo herr herren herrn information informationen liebe lieber nr nummer \
    ort plz sehr geehrte geehrter seite seiten straße str telefon telefax uhr unterschrift vielen \
    scan scanned document dokument file datei pdf docx doc txt jpg jpeg png img image final version";

/// Whether a word in lower case says nothing.
pub(crate) fn says_nothing(word: &str) -> bool {
    // Built once: the lists are read for every word of every document.
    static WORDS: std::sync::LazyLock<std::collections::HashSet<&'static str>> =
        std::sync::LazyLock::new(|| {
            [ENGLISH, GERMAN, NUMBERS, LETTERS]
                .into_iter()
                .flat_map(str::split_whitespace)
                .collect()
        });
    WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::says_nothing;

    #[test]
    fn knows_the_small_words_of_both_languages() {
        assert!(
            ["the", "und", "während", "regards", "geehrte"]
                .into_iter()
                .all(says_nothing)
        );
        assert!(
            !["invoice", "miete", "insurance", "strom"]
                .into_iter()
                .any(says_nothing)
        );
    }
}
