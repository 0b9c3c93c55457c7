import type { Table } from './entry.ts'

const login = {
  username: { username: 'hwuser', password: 'hwpassword' },
  password: { username: 'hwuser', password: 'hwpassword' },
}

/** Modules that ask over HTTP, at this port: a value is one part of a request. */
export const requests = (port: number): Table => {
  const url = `http://127.0.0.1:${port}`
  return {
    etcd_info: { good: () => [{ endpoints: [url], timeout: 0 }] },
    haproxy_info: { good: () => [{ url: `${url}/stats` }], also: () => login },
    patroni_info: {
      good: () => [{ url }, { url, ready: 'hwnone', timeout: 1 }],
      also: () => ({ ready: { ready: 'pg01', timeout: 1 } }),
    },
    patroni_config: { good: () => [{ url, settings: { hwkey: { hwinner: 'hwvalue' } } }], also: () => login },
    patroni_switchover: { good: () => [{ url, candidate: 'pg02' }], also: () => login },
    patroni_failover: { good: () => [{ url, candidate: 'pg02' }], also: () => login },
    patroni_restart: { good: () => [{ url, members: ['pg02'] }], also: () => login },
  }
}
