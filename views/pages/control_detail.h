#pragma once

#include <QWidget>

#include "domain/control.h"

class QPushButton;
class QScrollArea;

namespace scr::widgets {
class CodeBox;
class Tag;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

/// One control: its result, what was looked at, the evidence, and the remedy as text to paste.
class ControlDetail : public QWidget {
    Q_OBJECT
public:
    explicit ControlDetail(QWidget* parent = nullptr);

    void showControl(const domain::Control* control); ///< null: none is chosen
    void setBusy(bool isChecking, bool isDeciding);
    void setReadOnly();

signals:
    void checkWanted(const QString& name);
    void orderGiven(const scr::domain::AcceptOrder& order);
    void noticed(const QString& sentence);

private:
    QWidget* makeBody();
    QWidget* makeFoot();
    void decide(); ///< about the risk
    void copyTicket();

    domain::Control m_control;
    QWidget* m_body{};
    QScrollArea* m_scroll{};
    widgets::Tag* m_state{};
    widgets::TextLabel* m_name{};
    widgets::TextLabel* m_when{};
    widgets::TextLabel* m_title{};
    widgets::TextLabel* m_about{};
    widgets::TextLabel* m_evidence{};
    widgets::CodeBox* m_rows{};
    widgets::TextLabel* m_since{};
    widgets::TextLabel* m_accepted{};
    widgets::TextLabel* m_queryTitle{};
    widgets::CodeBox* m_query{};
    widgets::TextLabel* m_remedyTitle{};
    widgets::TextLabel* m_remedyNote{};
    widgets::CodeBox* m_remedy{};
    QPushButton* m_again{};
    QPushButton* m_risk{};
    QPushButton* m_ticket{};
    bool m_isReadOnly = false;
};

} // namespace scr::pages
