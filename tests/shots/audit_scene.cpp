#include "audit_scene.h"

#include <cstdio>

#include <QPushButton>
#include <QTableView>

#include "lab/pg_link.h"
#include "pages/page.h"
#include "shell/main_window.h"
#include "tables/audit_pages_model.h"

namespace scr::shots {

namespace {

/// Who owns the database can turn the triggers off, and be careful: entry and columns say the same.
constexpr const char* kTampered[]{
    "SET session_replication_role = replica",
    "UPDATE scrutineer.log_entry SET outcome = 'dismiss', entry = convert_to(replace(convert_from(entry, 'UTF8'), "
    "'\"outcome\":\"confirm\"', '\"outcome\":\"dismiss\"'), 'UTF8') WHERE entry_key = (SELECT max(entry_key) FROM "
    "scrutineer.log_entry WHERE kind = 'review' AND outcome = 'confirm')"};

bool tamper(const std::string& service)
{
    domain::ConnectionTarget target;
    target.service = service + "-owner";
    auto owner = lab::PgLink::open(target);
    if (!owner)
        return false;
    for (const char* sql : kTampered) {
        if (const auto done = owner->rows(sql); !done) {
            std::fprintf(stderr, "%s\n", domain::sentenceOf(done.error()).c_str());
            return false;
        }
    }
    return true;
}

QTableView* entries(Photographer& photographer)
{
    for (QTableView* table : photographer.window().findChildren<QTableView*>()) {
        if (qobject_cast<tables::AuditPagesModel*>(table->model()) != nullptr)
            return table;
    }
    return nullptr;
}

bool verify(Photographer& photographer)
{
    auto* button = photographer.window().findChild<QPushButton*>(QStringLiteral("verifyAll"));
    if (button == nullptr || !photographer.until([&] { return button->isEnabled(); }))
        return false;
    button->click();
    photographer.rest();
    return photographer.until([&] { return button->isEnabled(); });
}

/// The newest row that fits.
void choose(Photographer& photographer, const std::function<bool(const domain::AuditEntry&)>& fits)
{
    QTableView* table = entries(photographer);
    auto* model = qobject_cast<tables::AuditPagesModel*>(table->model());
    for (int row = 0; row < model->rowCount(); ++row) {
        if (fits(model->row(row))) {
            table->setCurrentIndex(model->index(row, 0));
            break;
        }
    }
    photographer.rest(1000);
}

} // namespace

bool shootAudit(Photographer& photographer, const std::string& service, const std::function<bool()>& seal)
{
    if (!seal())
        return false;
    photographer.page(QStringLiteral("audit"));
    photographer.rest(4000); // until the page has looked at the new checkpoint
    if (!verify(photographer))
        return false;
    choose(photographer, [](const domain::AuditEntry& entry) { return entry.leaf && entry.kind != domain::EntryKind::Attempt; });
    photographer.shoot(QStringLiteral("audit-log-verified"));
    if (!tamper(service) || !verify(photographer))
        return false;
    photographer.window().page(QStringLiteral("audit"))->refresh();
    photographer.rest();
    choose(photographer, [](const domain::AuditEntry& entry) { return !entry.problem.empty(); });
    photographer.shoot(QStringLiteral("audit-log-tampered"));
    return true;
}

} // namespace scr::shots
