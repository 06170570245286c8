#include "pages/flag_text.h"

#include <QObject>

#include "tables/cell_text.h"

namespace scr::pages {

std::string subjectOf(const domain::RecordedFlag& flag)
{
    const domain::Subject& subject = flag.flag.subject;
    const std::string label = flag.subjectLabel.empty() ? std::string{} : " “" + flag.subjectLabel + "”";
    const std::string post = flag.postTitle.empty() ? subject.post.text : "“" + flag.postTitle + "”";
    switch (subject.kind) {
    case domain::SubjectKind::Token: return subject.key + label + (subject.post.empty() ? std::string{} : " on " + post);
    case domain::SubjectKind::Counter: return "counter of " + post;
    case domain::SubjectKind::Post: return "post " + post;
    case domain::SubjectKind::Group:
        if (!flag.flag.siteRule.empty()) // the rule gave it a name of its own
            return subject.key;
        return std::to_string(flag.flag.tokens.size()) + " tokens around " + subject.key;
    case domain::SubjectKind::Subnet: return "network " + subject.key;
    case domain::SubjectKind::Control: return "control " + subject.key;
    }
    return {};
}

QString impactSentence(const domain::RankImpact& impact, const std::string& title)
{
    const std::string& name = title.empty() ? impact.post.text : title;
    if (impact.rankWith == impact.rankWithout)
        return QObject::tr("Without these votes the post keeps rank #%1, its score going from %2 to %3.")
            .arg(QString::number(impact.rankWith), tables::numberText(impact.scoreWith), tables::numberText(impact.scoreWithout));
    return QObject::tr("Without these votes “%1” goes from #%2 to #%3, its score from %4 to %5.")
        .arg(tables::shownShort(name), QString::number(impact.rankWith), QString::number(impact.rankWithout),
             tables::numberText(impact.scoreWith), tables::numberText(impact.scoreWithout));
}

QString decisionText(const domain::ReviewEntry& entry)
{
    QString text;
    switch (entry.decision) {
    case domain::Decision::Confirm: text = QObject::tr("confirmed"); break;
    case domain::Decision::Dismiss: text = QObject::tr("dismissed"); break;
    case domain::Decision::Snooze: text = QObject::tr("snoozed"); break;
    case domain::Decision::Reopen: text = QObject::tr("reopened"); break;
    }
    if (entry.snoozeUntil)
        text += QObject::tr(" until %1").arg(tables::dateTimeText(*entry.snoozeUntil));
    if (!entry.reason.empty())
        text += QStringLiteral(": %1").arg(tables::shown(entry.reason));
    return text;
}

} // namespace scr::pages
