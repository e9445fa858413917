# How the Request Tracker of docs/measured.md is set up: goes to /etc/request-tracker5/RT_SiteConfig.d.
Set($rtname, 'measured');
Set($WebDomain, '127.0.0.1');
Set($WebPort, 8480);
Set($WebBaseURL, 'http://127.0.0.1:8480');
Set($WebPath, '');
Set($Timezone, 'Asia/Jakarta');
Set($DatabaseType, 'Pg');
Set($DatabaseHost, '/srv/rt');
Set($DatabaseName, 'rt5');
Set($DatabaseUser, 'rt_user');
Set($DatabasePassword, 'measured');
Set($MailCommand, 'testfile');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
Set(%FullTextSearch, Enable => 1, Indexed => 1, Table => 'AttachmentsIndex', Column => 'ContentIndex');
1;
