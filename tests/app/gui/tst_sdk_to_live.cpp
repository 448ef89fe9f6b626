// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker window sdk
//
// The whole way of an event: a shop's server tracks with an SDK that exists, weir sandbox judges
// what comes and writes it to a real broker, and the window shows what is wrong with it, and no
// e-mail. REQUIRES: WEIR_SDK_PYTHON, a Python with segment-analytics-python (packaging/test.sh
// makes one).
#include <QJsonArray>
#include <QProcess>
#include <QPushButton>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <csignal>

#include "app/gui/main_window.h"
#include "models/live/violation_model.h"
#include "models/workspace/workspace.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/process.h"
#include "tests/support/source_path.h"
#include "tests/support/stage_workspace.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"
#include "widgets/live/violation_list.h"

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

constexpr int good_events = 40;
constexpr int bad_events = 7;

} // namespace

class SdkToLiveTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void a_shop_tracks_with_segments_sdk();
    void good_events_are_on_one_topic_and_bad_ones_with_their_reasons_on_another();
    void the_window_shows_what_is_wrong_and_no_email();

  private:
    QString file(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QByteArrayList found(const QString& filter, const char* topic) const;
    bool eachOnce(const char* kind, const QByteArrayList& events) const;

    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;
    QJsonObject m_ids;
};

void SdkToLiveTest::initTestCase() {
    Theme::apply(ThemeChoice::Light);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    qputenv("WEIR_OBSERVED_IDS", file("ids.json").toUtf8());
    auto broker = KafkaBroker::start();
    VERIFY_OK(broker);
    m_broker = *std::move(broker);
    const Answer marked = weir_says(QStringLiteral("sandbox --init -b ") +
                                    QString::fromStdString(m_broker->address()));
    QVERIFY2(marked.code == 0, marked.err);

    QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("contracts/item_added")));
    VERIFY_OK(write_text(file("contracts/item_added/1.json").toStdString(),
                         json(R"({'weir_contract':1,'type':'Item Added','version':1,'owner':'shop',
        'schema':{'type':'object','required':['properties'],'properties':{'properties':{
            'type':'object','required':['email','price'],'properties':{
                'email':{'type':'string','format':'email','pii':'email'},
                'price':{'type':'number','minimum':0}}}}}})")));
    VERIFY_OK(write_text(
        file("shop.weir.json").toStdString(),
        json(R"({'weir':{'version':1,'least_reader':1},'name':'Shop','connections':[{'name':'kafka',
        'kind':'kafka','environment':'sandbox','address':')" +
             m_broker->address() + R"('}],
        'watch':[{'connection':'kafka','topics':['raw_events','invalid_events']}],
        'event':{'places':{'invalid_events':{'dead_letters':true}}},
        'contracts':{'folder':'contracts'},'masking':{'environments':{'sandbox':'contracts'}}})")));
}

void SdkToLiveTest::a_shop_tracks_with_segments_sdk() {
    const QString python = qEnvironmentVariable("WEIR_SDK_PYTHON");
    QVERIFY2(!python.isEmpty(), "WEIR_SDK_PYTHON names no Python with Segment's SDK: run "
                                "packaging/test.sh, which installs it");
    QProcess collector;
    collector.start(weir_program(), {QStringLiteral("sandbox"), QStringLiteral("--http"),
                                     QStringLiteral("0"), QStringLiteral("--json"),
                                     QStringLiteral("--workspace"), file("shop.weir.json")});
    while (!collector.canReadLine() && collector.waitForReadyRead(60'000)) {
    }
    const QJsonObject ready = QJsonDocument::fromJson(collector.readLine()).object();
    const QString url = ready[QStringLiteral("urls")].toArray().first().toString();
    QVERIFY2(!url.isEmpty(), collector.readAllStandardError());

    QProcess shop;
    shop.start(python, {QString::fromStdString(source_path("tests/sdk/segment_shop.py")), url,
                        QString::number(good_events), QString::number(bad_events)});
    QVERIFY(shop.waitForFinished(120'000));
    QVERIFY2(shop.exitCode() == 0, shop.readAllStandardError());
    m_ids = QJsonDocument::fromJson(shop.readAllStandardOutput()).object();

    ::kill(static_cast<pid_t>(collector.processId()), SIGTERM);
    QVERIFY(collector.waitForFinished(60'000));
    const QJsonObject said = QJsonDocument::fromJson(collector.readAllStandardOutput()).object();
    QCOMPARE(said[QStringLiteral("collected")].toInt(), good_events);
    QCOMPARE(said[QStringLiteral("invalid")].toInt(), bad_events);
}

/// The payloads on the topic that match.
QByteArrayList SdkToLiveTest::found(const QString& filter, const char* topic) const {
    const Answer answer = weir_says(QStringLiteral("search -q --json --workspace %1 -t %2")
                                        .arg(file("shop.weir.json"), QLatin1String(topic)),
                                    {filter});
    QByteArrayList values;
    for (const QJsonValue match : answer.json()[QStringLiteral("matches")].toArray())
        values << match[QStringLiteral("value")].toString().toUtf8();
    return values;
}

/// Whether each id that the SDK gave an event of this kind is in one of the events, and in no
/// other.
bool SdkToLiveTest::eachOnce(const char* kind, const QByteArrayList& events) const {
    const QJsonArray ids = m_ids[QLatin1String(kind)].toArray();
    return std::all_of(ids.begin(), ids.end(), [&](const QJsonValue& id) {
        return std::count_if(events.begin(), events.end(), [&](const QByteArray& event) {
                   return event.contains(id.toString().toUtf8());
               }) == 1;
    });
}

void SdkToLiveTest::good_events_are_on_one_topic_and_bad_ones_with_their_reasons_on_another() {
    const QByteArrayList good = found(QStringLiteral("type == \"Item Added\""), "raw_events");
    QCOMPARE(good.size(), qsizetype{good_events});
    QVERIFY(eachOnce("good", good));
    const QByteArrayList bad =
        found(QStringLiteral("violation == \"wrong_type\""), "invalid_events");
    QCOMPARE(bad.size(), qsizetype{bad_events});
    QVERIFY(eachOnce("bad", bad));
}

void SdkToLiveTest::the_window_shows_what_is_wrong_and_no_email() {
    const auto workspace = Workspace::load(file("shop.weir.json").toStdString());
    VERIFY_OK(workspace);
    WindowStart start;
    start.open = [workspace] { return Session::open(*workspace); };
    start.start.kind = kafka::StartAt::Kind::Beginning;
    complete(start);
    UserSettings settings(file("w.ini"));
    MainWindow window(std::move(start), settings);
    window.resize(1440, 900);
    window.show();
    const auto connect_button = [&]() -> QPushButton* {
        for (QPushButton* each : window.findChildren<QPushButton*>())
            if (each->text() == QStringLiteral("Connect") && each->isVisible())
                return each;
        return nullptr;
    };
    QTRY_VERIFY(connect_button() != nullptr); // nothing of a file is opened unasked
    QTest::mouseClick(connect_button(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(
        window.currentView() != nullptr && window.page() == window.currentView(), 30'000);
    LiveView& live = *static_cast<LiveView*>(window.currentView());
    QTRY_COMPARE_WITH_TIMEOUT(live.table()->rowCount(), std::uint64_t{good_events + bad_events},
                              30'000);

    QTest::keyClicks(live.filterBar()->edit(), QStringLiteral("violation == \"wrong_type\""));
    QTest::keyClick(live.filterBar()->edit(), Qt::Key_Return);
    QTRY_COMPARE(live.table()->rowCount(), std::uint64_t{bad_events});
    QTest::mouseClick(live.table()->viewport(), Qt::LeftButton, {}, QPoint(60, 8));
    QTRY_VERIFY(live.detail()->detail() != nullptr);
    const EventDetail& bad = *live.detail()->detail();
    QCOMPARE(bad.topic, std::string("invalid_events"));
    QVERIFY(bad.value_masked);
    QVERIFY2(bad.value.find("@example.com") == std::string::npos, bad.value.c_str());
    const QAbstractItemModel* violations = live.detail()->violations()->model();
    QCOMPARE(violations->rowCount(), 1);
    const QModelIndex only = violations->index(0, 0);
    QCOMPARE(only.data(ViolationModel::ReasonRole).toString(), QStringLiteral("wrong_type"));
    QCOMPARE(only.data(ViolationModel::PointerRole).toString(),
             QStringLiteral("/properties/price"));
    QVERIFY(live.detail()->violations()->isVisible());

    live.filterBar()->apply(QStringLiteral("topic == \"raw_events\""));
    QTRY_COMPARE(live.table()->rowCount(), std::uint64_t{good_events});
    live.filterBar()->apply(QStringLiteral("\"ada.3@example.com\"")); // masked: nothing to find
    QTRY_COMPARE(live.table()->rowCount(), std::uint64_t{0});
    if (const QString folder = qEnvironmentVariable("WEIR_SHOTS"); !folder.isEmpty()) {
        live.filterBar()->apply({});
        QTest::qWait(300);
        window.grab().save(folder + QStringLiteral("/sdk-to-live.png"));
    }
}

QTEST_MAIN(SdkToLiveTest)
#include "tst_sdk_to_live.moc"
