// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// A password from the system's keychain, on the command line: there is no window that runs Qt's
// event loop, and the keychain needs one.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/kafka_broker.h"
#include "tests/support/keyring_session.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

class TestKeychainOnTheCommandLine : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_password_is_had_from_it() {
        if (const std::string lacks = keyring_session_lacks(); !lacks.empty())
            QSKIP(("not installed: " + lacks).c_str());
        const QTemporaryDir folder;
        qputenv("WEIR_OBSERVED_IDS", folder.filePath(QStringLiteral("ids.json")).toUtf8());
        const KafkaBroker& broker = KafkaBroker::shared();
        // The entry as QtKeychain keeps it.
        const std::string script =
            "printf admin-secret | secret-tool store --label=x server weir user prod type "
            "plaintext xdg:schema org.qt.keychain || exit 97; exec \"$@\"";
        const auto told = run_in_keyring_session(
            {"/bin/sh", "-c", script, "with-entry", weir_program().toStdString(), "doctor", "-q",
             "-b", broker.address(Listener::SaslPlaintext), "-X",
             "security.protocol=sasl_plaintext", "-X", "sasl.mechanism=PLAIN", "-X",
             "sasl.username=admin", "-X", "sasl.password=keychain:weir/prod"});
        VERIFY_OK(told);
        QVERIFY2(told->find(broker.cluster_id()) != std::string::npos, told->c_str());
        QVERIFY2(told->find("admin-secret") == std::string::npos, told->c_str());
    }
};

QTEST_GUILESS_MAIN(TestKeychainOnTheCommandLine)
#include "tst_keychain.moc"
