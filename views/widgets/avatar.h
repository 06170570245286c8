#pragma once

#include <QString>
#include <QWidget>

namespace scr::widgets {

/// A disc with a person's two characters, in accent when it is you.
class Avatar : public QWidget {
    Q_OBJECT
public:
    explicit Avatar(QWidget* parent = nullptr, int diameter = 20);
    void setLogin(const QString& login, bool isYou);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_initials;
    bool m_isYou{};
};

} // namespace scr::widgets
