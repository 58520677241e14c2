"""Polite defaults for every crawl; a job file may override them (for tests on localhost)."""

from typing import Any

BOT_NAME = "monitor"
SPIDER_MODULES = ["spiders.sites"]
# One broken module must not take the other kinds of source with it.
SPIDER_LOADER_WARN_ONLY = True

# USER_AGENT is missing on purpose: the operator's own is required, spiders.run refuses without.
ROBOTSTXT_OBEY = True
ROBOTSTXT_PARSER = "spiders.robots.AnyEncodingParser"
COOKIES_ENABLED = False
# An address may hold a key: another server is told no more than where it was asked from.
REFERRER_POLICY = "strict-origin-when-cross-origin"
# A proxy resolves names out of our sight, and would be taken from the machine's environment.
HTTPPROXY_ENABLED = False
# Scrapy's own default is not to look at certificates at all.
DOWNLOAD_VERIFY_CERTIFICATES = True

# One request at a time, about one a second with jitter, slower when the site is slow.
CONCURRENT_REQUESTS = 4
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.5
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0

DOWNLOAD_TIMEOUT = 30
DNS_TIMEOUT = 10
DOWNLOAD_MAXSIZE = 10_000_000
DOWNLOAD_WARNSIZE = 0
DEPTH_LIMIT = 500
REDIRECT_MAX_TIMES = 8
# Pages that reload themselves after a minute are not redirects.
METAREFRESH_MAXDELAY = 3
RETRY_TIMES = 2
# 429 and 503 are for RetryAfter, which asks the site how long to wait.
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

# Ours: the longest Retry-After that is waited for, the wait when a 429 names none, and how often.
RETRY_AFTER_MAX_SECONDS = 60.0
RETRY_AFTER_DEFAULT_SECONDS = 10.0
RETRY_AFTER_TIMES = 2

DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "spiders.downloads.StoppableDownloads",
    "https": "spiders.downloads.StoppableDownloads",
    # A redirect or a link must never read a file or another protocol.
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
TWISTED_DNS_RESOLVER = "spiders.downloads.PublicResolver"

DOWNLOADER_MIDDLEWARES: dict[str, int] = {
    "spiders.middlewares.RetryAfter": 560,
    "spiders.middlewares.ConditionalRequests": 840,
    "spiders.middlewares.SecretsStayHome": 850,
    "spiders.middlewares.PublicAddressesOnly": 880,
    "spiders.middlewares.Tally": 890,
}
SPIDER_MIDDLEWARES: dict[str, int] = {
    "spiders.middlewares.KeptValidators": 10,
    "spiders.spool.Spooled": 980,
    # Nearer to the spider, so that what it notes of a page is written behind the page's items.
    "spiders.open_requests.OpenRequests": 990,
}
ITEM_PIPELINES: dict[str, int] = {"spiders.spool.SpooledLate": 100}
# It would read and parse the source text of every callback, for each crawl anew.
WARN_ON_GENERATOR_RETURN_VALUE = False

# No consoles, no servers, no exports: a crawl listens on nothing.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
EXTENSIONS: dict[str, int | None] = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
}

LOG_LEVEL = "WARNING"
LOG_INSTALL_ROOT_HANDLER = False
LOG_FORMATTER = "spiders.log.TextlessLogFormatter"
LOG_VERSIONS: list[Any] = []
