#include "pages/filter_chips.h"

namespace scr::pages {

namespace {

QString textOf(const query::RawTerm& term)
{
    std::string text = term.name;
    if (!term.name.empty())
        text += query::nameOf(term.op);
    return QString::fromStdString(text + query::quotedValue(term.value));
}

QString opText(query::Op op)
{
    switch (op) {
    case query::Op::Equal: return QStringLiteral("=");
    case query::Op::NotEqual: return QStringLiteral("not");
    case query::Op::Less: return QStringLiteral("<");
    case query::Op::LessOrEqual: return QStringLiteral("≤");
    case query::Op::Greater: return QStringLiteral(">");
    case query::Op::GreaterOrEqual: return QStringLiteral("≥");
    }
    return {};
}

} // namespace

std::vector<widgets::FilterChip> chipsOf(const QString& text, const std::function<domain::Status(const std::string& term)>& check)
{
    const auto terms = query::splitTerms(text.toStdString());
    if (!terms)
        return {{QString{}, QStringLiteral("="), text, QString::fromStdString(domain::sentenceOf(terms.error())), text}};
    std::vector<widgets::FilterChip> chips;
    for (const query::RawTerm& term : *terms) {
        const QString own = textOf(term);
        const domain::Status taken = check(own.toStdString());
        chips.push_back({QString::fromStdString(term.name), opText(term.op), QString::fromStdString(term.value),
                         taken ? QString{} : QString::fromStdString(domain::sentenceOf(taken.error())), own});
    }
    return chips;
}

} // namespace scr::pages
