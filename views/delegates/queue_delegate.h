#pragma once

#include "delegates/row_delegate.h"

namespace scr::delegates {

/// Rows of 44 px in two lines for the flag queue; columns as FlagQueueModel::Column.
class QueueDelegate : public RowDelegate {
    Q_OBJECT
public:
    explicit QueueDelegate(QAbstractItemView& view);
    void setOwnLogin(const QString& login) { m_login = login; } ///< whose rows say "you"
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintState(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                    const theme::Theme& theme) const;

    QString m_login;
};

/// Rows of 42 px in two lines for lists with one column of subjects and dense others (voids, controls).
class TwoLineDelegate : public RowDelegate {
    Q_OBJECT
public:
    /// `subjectColumn` is drawn in two lines (DisplayRole, SecondLineRole); the others as DenseDelegate does.
    TwoLineDelegate(QAbstractItemView& view, int subjectColumn);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    int m_subjectColumn;
};

} // namespace scr::delegates
