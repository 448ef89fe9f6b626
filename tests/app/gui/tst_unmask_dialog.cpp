// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
// Seeing what is masked, as it is asked for in the window.
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "app/gui/live_session_source.h"
#include "app/gui/main_window.h"
#include "app/gui/top_bar.h"
#include "app/gui/unmask_dialog.h"
#include "connectors/store/audit_store.h"
#include "tests/app/gui/fake_session.h"
#include "widgets/common/controls.h"

using namespace weir;
using namespace weir::test;

class TestUnmaskDialog : public QObject {
    Q_OBJECT

    World m_world;
    QTemporaryDir m_folder;
    UserSettings m_settings{m_folder.filePath(QStringLiteral("weir.ini"))};

    std::unique_ptr<MainWindow> open() {
        WindowStart start;
        start.open = maker(m_world, shop());
        auto window = std::make_unique<MainWindow>(std::move(start), m_settings, fake_views());
        window->show();
        return QTest::qWaitFor([&] { return window->page() == window->currentView(); })
                   ? std::move(window)
                   : nullptr;
    }
    static UnmaskDialog* ask(MainWindow& window, const char* reason) {
        window.openUnmasking();
        auto* dialog = window.findChild<UnmaskDialog*>();
        dialog->reason()->setText(QString::fromUtf8(reason));
        dialog->unmaskButton()->click();
        return dialog;
    }
    /// The mark of the top bar, or "".
    static QString mark(const MainWindow& window) {
        for (const Pill* pill : window.topBar()->findChildren<Pill*>())
            if (pill->isVisible() && pill->text().contains(QStringLiteral("UNMASKED")))
                return pill->toolTip();
        return {};
    }

    /// How often the trail says that it was masked again.
    static std::size_t recorded() {
        const auto trail = store::AuditStore::open_read_only(store::audit_path());
        const auto entries = trail ? (*trail)->newest(100) : trail.error();
        if (!entries)
            return 0; // nothing has been recorded yet
        return static_cast<std::size_t>(
            std::count_if(entries->begin(), entries->end(),
                          [](const store::AuditEntry& entry) { return entry.action == "mask"; }));
    }

  private Q_SLOTS:
    void initTestCase() {
        Theme::apply(ThemeChoice::Light);
        qputenv("WEIR_AUDIT", m_folder.filePath(QStringLiteral("audit.sqlite")).toUtf8());
        m_world.masked = true;
    }

    void who_and_why_stands_in_the_window_until_it_is_masked_again() {
        const auto window = open();
        QVERIFY(window);
        QVERIFY(mark(*window).isEmpty());
        const LiveSessionSource source(window->host());
        QVERIFY(!source.exportRecorder("/tmp/orders.ndjson", 42)); // what is masked needs no record
        window->openUnmasking();
        auto* dialog = window->findChild<UnmaskDialog*>();
        QVERIFY(!dialog->unmaskButton()->isEnabled()); // without a reason nothing is asked
        dialog->reject();
        QTRY_VERIFY(window->findChild<UnmaskDialog*>() == nullptr);

        ask(*window, "ticket 4711: orders without notes");
        QTRY_VERIFY(!mark(*window).isEmpty());
        const QString told = mark(*window);
        QVERIFY2(told.contains(QStringLiteral("jdoe")), qPrintable(told));
        QVERIFY2(told.contains(QStringLiteral("ticket 4711")), qPrintable(told));
        QTRY_VERIFY(window->findChild<UnmaskDialog*>() == nullptr);

        const auto record = source.exportRecorder("/tmp/orders.ndjson", 42);
        QVERIFY(record && record().ok());
        const auto trail = store::AuditStore::open_read_only(store::audit_path());
        const store::AuditEntry exported = (*trail)->newest(1)->front();
        QCOMPARE(exported.action, std::string("export"));
        QCOMPARE(exported.reason, std::string("ticket 4711: orders without notes"));
        QVERIFY(exported.details.find("orders.ndjson") != std::string::npos);

        window->host().maskAgain();
        QVERIFY(!source.exportRecorder("/tmp/orders.ndjson", 42));
        QVERIFY(mark(*window).isEmpty()); // at once, whatever becomes of the record
        QTRY_COMPARE(recorded(), 1U);
    }

    void closing_the_window_masks_again_and_is_recorded() {
        const std::size_t before = recorded();
        {
            const auto window = open();
            QVERIFY(window);
            ask(*window, "ticket 4712: another look");
            QTRY_VERIFY(!mark(*window).isEmpty());
        }
        QCOMPARE(recorded(), before + 1);
    }

    void a_refusal_is_told_where_it_was_asked() {
        m_world.unmasking_refused = true;
        const auto window = open();
        QVERIFY(window);
        UnmaskDialog* dialog = ask(*window, "ticket 4711: orders without notes");
        QTRY_VERIFY(dialog->refusal().contains(QStringLiteral("no role lets you")));
        QVERIFY(mark(*window).isEmpty());
        QVERIFY(dialog->unmaskButton()->isEnabled());
    }
};

QTEST_MAIN(TestUnmaskDialog)
#include "tst_unmask_dialog.moc"
