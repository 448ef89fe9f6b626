// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// The whole window on an embedded cluster: what is searched and copied is what the topic holds; and
// how its process ends.
#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QProcess>
#include <QPushButton>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <thread>

#include "app/gui/main_window.h"
#include "app/gui/run_window.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/producer.h"
#include "tests/app/gui/fake_session.h"
#include "tests/support/weir_command.h"
#include "widgets/common/state_page.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"
#include "widgets/live/search_popup.h"

using namespace weir;
using namespace std::chrono_literals;

namespace {

constexpr int pages = 500;

std::string page_view(int i) {
    return R"({"event_id":"e)" + std::to_string(i) + R"(","event_type":"page_view","n":)" +
           std::to_string(i) + "}";
}

} // namespace

class LiveWindowTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void init() {
        open(kafka::StartAt::Kind::Beginning);
        if (QTest::currentTestFailed())
            return;
        QTRY_COMPARE_WITH_TIMEOUT(live().table()->rowCount(), std::uint64_t{pages}, 20'000);
    }
    void cleanup() { m_window.reset(); }
    void the_topic_is_searched_by_mouse_and_proved_complete();
    void an_event_asked_for_by_its_id_is_opened();
    void the_command_lines_that_are_copied_fetch_the_event();
    void a_topic_on_which_nothing_comes_is_read_from_its_beginning_by_a_button();
    void closing_while_it_connects_ends_the_process_soon();

  private:
    void open(kafka::StartAt::Kind from);
    LiveView& live() const { return *static_cast<LiveView*>(m_window->currentView()); }
    QPushButton* button(const char* text) const {
        for (QPushButton* each : m_window->findChildren<QPushButton*>())
            if (each->text() == QString::fromUtf8(text) && each->isVisible())
                return each;
        return nullptr;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<kafka::EmbeddedCluster> m_broker;
    std::unique_ptr<UserSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
};

void LiveWindowTest::initTestCase() {
    Theme::apply(ThemeChoice::Light);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    auto broker = kafka::EmbeddedCluster::start({{"raw_events", 3}});
    QVERIFY(broker.ok());
    m_broker = *std::move(broker);
    const auto ticket = kafka::prove_sandbox(m_broker->connection(), {}, 10s);
    QVERIFY(ticket.ok());
    auto producer = kafka::Producer::open(*ticket, {}, 10s);
    QVERIFY(producer.ok());
    for (int i = 0; i < pages; ++i) {
        const std::string value = page_view(i);
        kafka::OutRecord record;
        record.topic = "raw_events";
        record.partition = i % 3;
        record.value = value;
        QVERIFY((*producer)->send(record).ok());
    }
    QVERIFY((*producer)->flush(20s).ok());
}

/// A window that is live on the topic.
void LiveWindowTest::open(kafka::StartAt::Kind from) {
    m_window.reset();
    Workspace workspace;
    workspace.name = "Shop";
    workspace.connections.push_back(m_broker->connection("sandbox"));
    workspace.watch.push_back({"sandbox", {"raw_events"}, {}});
    WindowStart start;
    start.open = [workspace] { return Session::open(workspace); };
    start.start = {from, 0, {}, {}};
    complete(start);
    m_settings = std::make_unique<UserSettings>(m_folder.filePath(QStringLiteral("w.ini")));
    m_window = std::make_unique<MainWindow>(std::move(start), *m_settings);
    m_window->show();
    QTRY_VERIFY_WITH_TIMEOUT(
        m_window->currentView() != nullptr && m_window->page() == m_window->currentView(), 20'000);
}

void LiveWindowTest::the_topic_is_searched_by_mouse_and_proved_complete() {
    QTRY_VERIFY(button("Search topic…") != nullptr);
    live().filterBar()->edit()->setFocus();
    QTest::keyClicks(live().filterBar()->edit(), QStringLiteral("n >= 490"));
    QTest::mouseClick(button("Search topic…"), Qt::LeftButton);
    SearchPopup* const popup = live().searchPopup();
    QTRY_VERIFY2_WITH_TIMEOUT(
        popup->planText().startsWith(QStringLiteral("Reads at most 500 records, about ")) &&
            popup->planText().contains(QStringLiteral(" in 3 partitions")),
        qPrintable(popup->planText()), 30'000);
    QVERIFY(!live().showingSearch()); // it is said before it starts
    QTest::keyClick(popup, Qt::Key_Return);
    QVERIFY(live().showingSearch());
    QTRY_VERIFY_WITH_TIMEOUT(live().statusText().contains(QStringLiteral("complete: ")), 30'000);
    QVERIFY2(live().statusText().contains(QStringLiteral("3 of 3 partitions")),
             qPrintable(live().statusText()));
    QTRY_COMPARE(live().table()->rowCount(), 10u);
    QTest::mouseClick(button("Back to live"), Qt::LeftButton);
    QVERIFY(!live().showingSearch());
    live().filterBar()->apply({});
    QTRY_COMPARE(live().table()->rowCount(), std::uint64_t{pages});
}

void LiveWindowTest::an_event_asked_for_by_its_id_is_opened() {
    const auto shown = [&] {
        const auto& detail = live().detail()->detail();
        return detail ? QString::fromStdString(detail->value) : QString();
    };
    QTest::mouseClick(live().table()->viewport(), Qt::LeftButton, {}, QPoint(60, 8));
    QTRY_VERIFY(!shown().isEmpty() && !shown().contains(QStringLiteral("\"e257\"")));
    live().findEvent(QStringLiteral("e257"));
    QTRY_COMPARE(live().table()->rowCount(), 1u);
    QTRY_VERIFY(shown().contains(QStringLiteral("\"e257\"")));
    QVERIFY(live().table()->hasFocus());
}

void LiveWindowTest::the_command_lines_that_are_copied_fetch_the_event() {
    live().filterBar()->apply(QStringLiteral("n == 257"));
    QTRY_COMPARE(live().table()->rowCount(), 1u);
    QTest::mouseClick(live().table()->viewport(), Qt::LeftButton, {}, QPoint(60, 8));
    live().copy(QStringLiteral("weir"));
    QVERIFY2(QFile::exists(test::weir_program()), "build the target weir");
    const QByteArray found = test::shell_says(QGuiApplication::clipboard()->text());
    const QJsonObject answer = QJsonDocument::fromJson(found).object();
    const QJsonArray matches = answer[QStringLiteral("matches")].toArray();
    QVERIFY2(matches.size() == 1, qPrintable(QGuiApplication::clipboard()->text()));
    QCOMPARE(matches[0][QStringLiteral("value")].toString().toStdString(), page_view(257));
    // What is copied as JSON is what the command prints.
    live().copy(QStringLiteral("json"));
    QCOMPARE(QJsonDocument::fromJson(QGuiApplication::clipboard()->text().toUtf8()).object(),
             matches[0].toObject());
    if (QStandardPaths::findExecutable(QStringLiteral("kcat")).isEmpty())
        QSKIP("kcat is not installed");
    live().copy(QStringLiteral("kcat"));
    QCOMPARE(test::shell_says(QGuiApplication::clipboard()->text()).trimmed().toStdString(),
             page_view(257));
}

void LiveWindowTest::a_topic_on_which_nothing_comes_is_read_from_its_beginning_by_a_button() {
    open(kafka::StartAt::Kind::End);
    QTRY_VERIFY_WITH_TIMEOUT(button("Read from the beginning") != nullptr, 20'000);
    const auto* page = live().findChild<StatePage*>();
    QVERIFY2(page->detail().contains(QStringLiteral("about 500 records stand before it")),
             qPrintable(page->detail()));
    QTest::mouseClick(button("Read from the beginning"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(live().table()->rowCount(), std::uint64_t{pages}, 20'000);
}

void LiveWindowTest::closing_while_it_connects_ends_the_process_soon() {
    QProcess process;
    QElapsedTimer since;
    since.start();
    process.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--close-while-connecting")});
    QVERIFY(process.waitForFinished(20'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    const QByteArray said = process.readAllStandardOutput();
    QVERIFY2(said.contains("closed"), said);
    // The host would not have answered for 15 s.
    QVERIFY2(since.elapsed() < 8'000, qPrintable(QString::number(since.elapsed())));
}

/// A window on a host that does not answer, closed as soon as it waits for it.
static int close_while_connecting() {
    test::World world;
    WindowStart start;
    start.open = [&world]() -> Result<std::unique_ptr<Session>> {
        class Silent : public test::FakeSession {
          public:
            using FakeSession::FakeSession;
            Result<void> start_live(const std::string&, kafka::ReadRequest,
                                    std::chrono::milliseconds) override {
                QMetaObject::invokeMethod(qApp, [] {
                    std::puts("closed");
                    std::fflush(stdout);
                    QApplication::closeAllWindows();
                });
                std::this_thread::sleep_for(15s); // the silence itself, not a wait for something
                return {};
            }
        };
        return std::unique_ptr<Session>(std::make_unique<Silent>(world, test::shop()));
    };
    return run_window(std::move(start));
}

int main(int argc, char** argv) {
    if (argc > 1 && qstrcmp(argv[1], "--close-while-connecting") == 0)
        return close_while_connecting();
    QApplication application(argc, argv);
    LiveWindowTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_live_window.moc"
