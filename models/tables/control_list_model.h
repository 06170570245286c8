#pragma once

#include <optional>
#include <vector>

#include <QAbstractTableModel>

#include "domain/control.h"
#include "domain/result.h"

namespace scr::tables {

/// Which controls are listed: "result=fails", or words of their name, title or evidence.
struct ControlFilter {
    std::optional<domain::ControlState> state;
    std::vector<std::string> words;
    friend bool operator==(const ControlFilter&, const ControlFilter&) = default;
};
[[nodiscard]] domain::Result<ControlFilter> parseControlFilter(const std::string& text);

/// The controls under their groups. A row is a group's head or one control; heads cannot be selected.
class ControlListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum class Column { Control, Result, Checked, Count };
    enum Role { IsHeadRole = Qt::UserRole + 100, StateRole, IsCheckedRole, IsAcceptedRole };
    using QAbstractTableModel::QAbstractTableModel;

    void setControls(std::vector<domain::Control> controls); ///< one that was not checked has no checkedAt
    void update(const std::vector<domain::Control>& checked);
    void setFilter(ControlFilter filter);
    void setNow(domain::UtcTime now); ///< what ages are told against

    [[nodiscard]] const domain::Control* control(int row) const;  ///< null: a head
    [[nodiscard]] int rowOf(const std::string& name) const;       ///< -1: not listed
    [[nodiscard]] int count(domain::ControlState state) const;    ///< of all that were checked, listed or not
    [[nodiscard]] int accepted(domain::ControlState state) const; ///< of these those that somebody answers for
    [[nodiscard]] int unchecked() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row {
        std::string group;
        std::optional<std::size_t> control; ///< index into m_controls; nothing: the head of the group
    };
    void list();
    [[nodiscard]] QVariant controlData(const domain::Control& control, Column column, int role) const;

    std::vector<domain::Control> m_controls;
    std::vector<Row> m_rows;
    ControlFilter m_filter;
    domain::UtcTime m_now{};
};

} // namespace scr::tables
