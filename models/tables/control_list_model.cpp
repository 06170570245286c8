#include "tables/control_list_model.h"

#include <algorithm>

#include <QCoreApplication>

#include "query/terms.h"
#include "tables/cell_text.h"
#include "tables/roles.h"

namespace scr::tables {

namespace {

using domain::Control;
using domain::ControlState;

bool wasChecked(const Control& control)
{
    return control.checkedAt != domain::UtcTime{};
}

QString resultText(const Control& control)
{
    if (!wasChecked(control))
        return QCoreApplication::translate("ControlListModel", "not checked");
    if (control.accepted)
        return QCoreApplication::translate("ControlListModel", "accepted");
    switch (control.state) {
    case ControlState::Holds: return QCoreApplication::translate("ControlListModel", "holds");
    case ControlState::Fails: return QCoreApplication::translate("ControlListModel", "fails");
    case ControlState::Unknown: return QCoreApplication::translate("ControlListModel", "cannot check");
    }
    return {};
}

bool contains(const Control& control, const std::string& word)
{
    const QString asked = QString::fromStdString(word);
    return std::ranges::any_of(
        std::initializer_list<const std::string*>{&control.name, &control.title, &control.group, &control.evidence},
        [&](const std::string* text) { return QString::fromStdString(*text).contains(asked, Qt::CaseInsensitive); });
}

} // namespace

domain::Result<ControlFilter> parseControlFilter(const std::string& text)
{
    const auto terms = query::splitTerms(text);
    if (!terms)
        return domain::failureOf(terms);
    ControlFilter filter;
    for (const query::RawTerm& term : *terms) {
        if (term.name.empty()) {
            filter.words.push_back(term.value.empty() ? term.source : term.value);
            continue;
        }
        const auto state =
            term.name == "result" && term.op == query::Op::Equal ? domain::controlStateOf(term.value) : std::nullopt;
        if (!state)
            return domain::failure(domain::Fault::Invalid, "\"" + term.source + "\" is not understood",
                                   "Write result=fails, result=holds, result=unknown or a word");
        filter.state = state;
    }
    return filter;
}

void ControlListModel::setControls(std::vector<Control> controls)
{
    m_controls = std::move(controls);
    list();
}

void ControlListModel::update(const std::vector<Control>& checked)
{
    for (const Control& one : checked) {
        const auto place = std::ranges::find(m_controls, one.name, &Control::name);
        if (place != m_controls.end())
            *place = one;
    }
    list();
}

void ControlListModel::setFilter(ControlFilter filter)
{
    m_filter = std::move(filter);
    list();
}

void ControlListModel::setNow(domain::UtcTime now)
{
    m_now = now;
    if (!m_rows.empty())
        emit dataChanged(index(0, static_cast<int>(Column::Checked)), index(rowCount() - 1, static_cast<int>(Column::Checked)));
}

void ControlListModel::list()
{
    beginResetModel();
    m_rows.clear();
    for (std::size_t i = 0; i < m_controls.size(); ++i) {
        const Control& control = m_controls[i];
        const bool wanted = (!m_filter.state || (wasChecked(control) && control.state == *m_filter.state)) &&
                            std::ranges::all_of(m_filter.words, [&](const std::string& word) { return contains(control, word); });
        if (!wanted)
            continue;
        if (m_rows.empty() || m_rows.back().group != control.group)
            m_rows.push_back({control.group, std::nullopt});
        m_rows.push_back({control.group, i});
    }
    endResetModel();
}

const Control* ControlListModel::control(int row) const
{
    if (row < 0 || row >= rowCount())
        return nullptr;
    const auto& place = m_rows[static_cast<std::size_t>(row)].control;
    return place ? &m_controls[*place] : nullptr;
}

int ControlListModel::rowOf(const std::string& name) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (const Control* one = control(row); one != nullptr && one->name == name)
            return row;
    }
    return -1;
}

int ControlListModel::count(ControlState state) const
{
    return static_cast<int>(
        std::ranges::count_if(m_controls, [state](const Control& one) { return wasChecked(one) && one.state == state; }));
}

int ControlListModel::accepted(ControlState state) const
{
    return static_cast<int>(std::ranges::count_if(
        m_controls, [state](const Control& one) { return wasChecked(one) && one.state == state && one.accepted; }));
}

int ControlListModel::unchecked() const
{
    return static_cast<int>(std::ranges::count_if(m_controls, [](const Control& one) { return !wasChecked(one); }));
}

int ControlListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ControlListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(Column::Count);
}

Qt::ItemFlags ControlListModel::flags(const QModelIndex& index) const
{
    return control(index.row()) == nullptr ? Qt::NoItemFlags : QAbstractTableModel::flags(index);
}

QVariant ControlListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == IsHeadRole)
        return !row.control.has_value();
    const auto column = static_cast<Column>(index.column());
    if (row.control)
        return controlData(m_controls[*row.control], column, role);
    return role == Qt::DisplayRole && column == Column::Control ? QVariant{shown(row.group)} : QVariant{};
}

QVariant ControlListModel::controlData(const Control& control, Column column, int role) const
{
    switch (role) {
    case StateRole: return static_cast<int>(control.state);
    case IsCheckedRole: return wasChecked(control);
    case IsAcceptedRole: return control.accepted.has_value();
    case KeyRole: return QString::fromStdString(control.name);
    case SecondLineRole:
    case Qt::ToolTipRole:
        return shown(wasChecked(control) ? control.evidence.substr(0, control.evidence.find('\n')) : control.about);
    case Qt::DisplayRole: break;
    default: return {};
    }
    switch (column) {
    case Column::Control: return shown(control.title);
    case Column::Result: return resultText(control);
    case Column::Checked:
        return wasChecked(control) ? ageText(control.checkedAt, std::max(m_now, control.checkedAt)) : QStringLiteral("–");
    case Column::Count: break;
    }
    return {};
}

} // namespace scr::tables
