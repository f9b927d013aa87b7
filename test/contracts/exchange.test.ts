import { startHttp1Carrier } from '../support/http1-carrier.ts'
import { holdToExchangeContract } from './exchange.ts'

holdToExchangeContract('HTTP/1.1', startHttp1Carrier)
