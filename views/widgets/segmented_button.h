#pragma once

#include <QStringList>
#include <QWidget>

class QButtonGroup;

namespace scr::widgets {

/// A few choices side by side of which exactly one holds; arrow keys move.
class SegmentedButton : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedButton(const QStringList& choices, QWidget* parent = nullptr);
    [[nodiscard]] int current() const;
    void setCurrent(int index);        ///< emits currentChanged when it changes
    void setStretched(bool stretched); ///< all choices share the width

signals:
    void currentChanged(int index);

private:
    QButtonGroup* m_group{};
};

} // namespace scr::widgets
