#include "tables/moves_model.h"

#include <array>

#include "tables/cell_text.h"

namespace scr::tables {

namespace {

using rank::WhatIfRow;

QString postText(const WhatIfRow& row)
{
    return row.title.empty() ? shown(row.post.text) : shown(row.title);
}

QString postTip(const WhatIfRow& row)
{
    return QStringLiteral("%1\n%2").arg(postText(row), shown(row.post.text));
}

QString withText(const WhatIfRow& row)
{
    return QString::number(row.rankWith);
}

QVariant withNumber(const WhatIfRow& row)
{
    return static_cast<qlonglong>(row.rankWith);
}

QString withoutText(const WhatIfRow& row)
{
    return QString::number(row.rankWithout);
}

QVariant withoutNumber(const WhatIfRow& row)
{
    return static_cast<qlonglong>(row.rankWithout);
}

QString moveText(const WhatIfRow& row)
{
    if (row.move() == 0)
        return QStringLiteral("–");
    return QStringLiteral("%1 %2").arg(row.move() > 0 ? QStringLiteral("▲") : QStringLiteral("▼")).arg(std::abs(row.move()));
}

Meaning moveMeaning(const WhatIfRow& row)
{
    return row.move() < 0 ? Meaning::Warning : row.move() > 0 ? Meaning::Good : Meaning::Muted;
}

QString votesText(const WhatIfRow& row)
{
    return signedText(-static_cast<double>(row.flaggedVotes));
}

QVariant votesNumber(const WhatIfRow& row)
{
    return -static_cast<qlonglong>(row.flaggedVotes);
}

constexpr std::array<ColumnSpec<WhatIfRow>, static_cast<std::size_t>(MovesModel::Column::Count)> kColumns{{
    {"post", QT_TRANSLATE_NOOP("MovesModel", "Post"), postText, nullptr, nullptr, postTip, false},
    {"with", QT_TRANSLATE_NOOP("MovesModel", "With"), withText, withNumber, nullptr, nullptr, false},
    {"without", QT_TRANSLATE_NOOP("MovesModel", "Without"), withoutText, withoutNumber, nullptr, nullptr, false},
    {"move", QT_TRANSLATE_NOOP("MovesModel", "Move"), moveText, nullptr, moveMeaning, nullptr, false},
    {"votes", QT_TRANSLATE_NOOP("MovesModel", "Votes"), votesText, votesNumber, nullptr, nullptr, false},
}};

} // namespace

MovesModel::MovesModel(QObject* parent) : RowTableModel{kColumns, "MovesModel", parent} {}

QVariant MovesModel::rowData(const WhatIfRow& row, int /*column*/, int role) const
{
    return role == KeyRole ? QVariant{QString::fromStdString(row.post.text)} : QVariant{};
}

} // namespace scr::tables
